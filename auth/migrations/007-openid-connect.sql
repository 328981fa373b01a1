-- Apps of others that people sign in to with their account here.
create table oidc_clients (
  id uuid primary key,
  name text not null,
  -- None where the app cannot keep a secret. A secret is random and long: its SHA-256 opens nothing.
  secret_hash bytea,
  redirect_uris text[] not null,
  post_logout_redirect_uris text[] not null,
  scopes text[] not null,
  created_at timestamptz not null default now()
);

-- What the provider keeps (codes, tokens, grants, its sessions), each found by the hash of the id that its holder knows.
create table oidc_artifacts (
  model text not null,
  hash bytea not null,
  payload text not null,
  uid text,
  grant_id text,
  account_id uuid references accounts on delete cascade,
  client_id uuid references oidc_clients on delete cascade,
  -- Of a grant: the session in which it was given. One for offline access outlives that, but no sign-out everywhere.
  session_id uuid,
  offline boolean not null default false,
  expires_at timestamptz not null,
  consumed_at timestamptz,
  primary key (model, hash)
);
create index oidc_artifacts_by_uid on oidc_artifacts (uid) where uid is not null;
create index oidc_artifacts_by_grant on oidc_artifacts (grant_id) where grant_id is not null;
create index oidc_artifacts_by_account on oidc_artifacts (account_id);
create index oidc_artifacts_by_client on oidc_artifacts (client_id);
create index oidc_artifacts_by_expiry on oidc_artifacts (expires_at);

-- What apps may be told of a member, as `users` last told it.
create table profiles (
  account_id uuid primary key,
  name text not null,
  phone_number text not null,
  user_version integer not null
);

-- Which app an event is about.
alter table audit add column client_id uuid;
