-- Who looked into, replayed or dropped which dead letter, when and by which request; written before it is done. Append-only.
create table audit (
  id bigint generated always as identity primary key,
  actor_id text not null,
  action text not null check (action in ('read', 'replay', 'drop')),
  letter text not null,
  event_id text not null,
  origin text not null,
  consumer_group text,
  reason text not null,
  request_id text not null,
  at timestamptz not null default now()
);
