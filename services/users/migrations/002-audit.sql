-- Who did what to whom, when and by which request. Values are kept for the status only: the others are personal data.
create table audit (
  id bigint generated always as identity primary key,
  user_id uuid not null references users,
  actor_id text not null,
  action text not null check (action in ('create', 'change', 'delete')),
  fields text[] not null,
  status_from text,
  status_to text,
  request_id text not null,
  at timestamptz not null default now()
);

create index audit_by_user on audit (user_id, id);
