-- Events this service states, until the relay has handed them to Kafka. `value` is the JSON as it will be sent.
create table outbox (
  seq bigint generated always as identity primary key,
  id uuid not null,
  topic text not null,
  key text not null,
  value text not null,
  time timestamptz not null,
  traceparent text,
  request_id text
);

-- Rows live for milliseconds: vacuum by count, not by share of an almost empty table.
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Its one row is locked by the relay whose turn it is.
create table outbox_turn (id boolean primary key default true check (id));
insert into outbox_turn default values;

create function outbox_wake() returns trigger language plpgsql as $$
begin
  perform pg_notify(tg_table_schema || '_outbox', '');
  return null;
end $$;
create trigger outbox_wake after insert on outbox for each statement execute function outbox_wake();

-- Ids of the events that this service has handled, per consumer group.
create table inbox (
  id uuid not null,
  consumer text not null,
  handled_at timestamptz not null default now(),
  primary key (id, consumer)
);

-- Rows arrive in order of time, so a BRIN index finds the old ones and costs next to nothing to keep.
create index inbox_handled_at on inbox using brin (handled_at);
