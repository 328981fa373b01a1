-- A deleted member keeps the id only. Nulls do not collide, so what is unique is so among the others.
create table users (
  id uuid primary key,
  name text,
  email text unique check (email = lower(email)),
  phone_number text unique check (phone_number like '+%'),
  thai_id_sealed text,
  thai_id_hash text unique,
  status text not null check (status in ('created', 'confirmation_sent', 'confirmed', 'disabled', 'deleted')),
  version integer not null default 1,
  confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (num_nonnulls(thai_id_sealed, thai_id_hash) in (0, 2)),
  check (
    case
      when status = 'deleted' then num_nonnulls(name, email, phone_number, thai_id_hash) = 0
      else num_nulls(name, email, phone_number) = 0
    end
  )
);

create index users_by_creation on users (created_at, id) where status <> 'deleted';
create index users_by_name on users (name, id) where status <> 'deleted';
create index users_by_status on users (status, created_at, id) where status <> 'deleted';
