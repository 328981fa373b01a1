-- An account is who may sign in. A row outlives its deletion, empty, so that an event that arrives late revives nobody.
create table accounts (
  id uuid primary key,
  email text unique check (email = lower(email)),
  password_hash text,
  roles text[] not null default '{}',
  confirmed_at timestamptz,
  disabled_at timestamptz,
  deleted_at timestamptz,
  status text not null generated always as (
    case
      when deleted_at is not null then 'deleted'
      when disabled_at is not null then 'disabled'
      when confirmed_at is not null then 'active'
      else 'pending'
    end
  ) stored,
  -- The version of the user that `user.updated` last told of: an older one changes nothing.
  user_version integer not null default 0,
  created_at timestamptz not null default now(),
  check (deleted_at is null or (email is null and password_hash is null)),
  check (deleted_at is not null or email is not null)
);

-- A session is a family of refresh tokens: each is spent for the next one.
create table sessions (
  id uuid primary key,
  account_id uuid not null references accounts,
  amr text[] not null,
  address text not null,
  user_agent text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index sessions_by_account on sessions (account_id);
create index sessions_by_expiry on sessions (expires_at);

create table refresh_tokens (
  hash bytea primary key,
  session_id uuid not null references sessions on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_by_session on refresh_tokens (session_id);

-- Sessions whose access tokens the gateway must still refuse; each is told to Redis until Redis has it.
create table revocations (
  session_id uuid primary key,
  expires_at timestamptz not null,
  told_at timestamptz
);

create table totp (
  account_id uuid primary key references accounts,
  sealed_secret text not null,
  -- Which key sealed it.
  key_id text not null,
  confirmed_at timestamptz,
  -- The time step of the last code that was accepted (RFC 6238 §5.2: a code works once).
  last_step bigint not null default 0
);

create table backup_codes (
  account_id uuid not null references accounts,
  hash bytea not null,
  used_at timestamptz,
  primary key (account_id, hash)
);

-- Logins whose password was right and whose second factor is still to come.
create table mfa_tokens (
  hash bytea primary key,
  account_id uuid not null references accounts,
  purpose text not null check (purpose in ('verify', 'enroll')),
  attempts integer not null default 0,
  expires_at timestamptz not null
);
create index mfa_tokens_by_expiry on mfa_tokens (expires_at);

-- Failed attempts by what they count against: an account, an address, or an account's second factor.
create table attempts (
  subject text primary key,
  failed_at timestamptz[] not null,
  locked_until timestamptz not null default '-infinity',
  locks integer not null default 0
);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  event text not null,
  account_id uuid,
  session_id uuid,
  address text,
  user_agent text,
  request_id text
);
create index audit_by_account on audit (account_id, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end
$$;

create trigger audit_is_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change();
