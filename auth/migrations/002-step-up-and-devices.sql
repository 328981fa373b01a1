-- How many steps the authenticator's clock was off at the last code (RFC 6238 §6).
alter table totp add column drift smallint not null default 0;
create index totp_by_key on totp (key_id);

-- When the second factor, or the password where there is none, was last shown: what `auth_time` says.
alter table sessions add column authenticated_at timestamptz;
update sessions set authenticated_at = created_at;
alter table sessions alter column authenticated_at set not null;

-- A short label is enough for people to know their devices by.
alter table sessions rename column user_agent to device;
update sessions set device = 'Unknown device';

-- Which client spent a token, as a keyed hash: the same one may spend it twice at once.
alter table refresh_tokens add column spent_by text;

-- Browsers on which an account's second factor need not be shown at every login.
create table devices (
  id uuid primary key,
  account_id uuid not null references accounts,
  hash bytea not null unique,
  device text not null,
  address text not null,
  verified_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index devices_by_account on devices (account_id);
create index devices_by_expiry on devices (expires_at);
