-- A mailed reset: the secret in its link comes from the id and a key (lib/password-reset-token.ts), so that this row opens nothing.
create table password_resets (
  id uuid primary key,
  account_id uuid not null references accounts on delete cascade,
  expires_at timestamptz not null
);
create index password_resets_by_account on password_resets (account_id);
create index password_resets_by_expiry on password_resets (expires_at);

-- When attempts began that are being judged now: they leave less room for others, and lock nothing before they have failed.
alter table attempts add column judging timestamptz[] not null default '{}';

-- Who did it where that is not the account itself, and the roles that an account has from then on.
alter table audit add column actor_id uuid, add column roles text[];
-- A short label, as sessions have it, tells enough of a client.
alter table audit disable trigger audit_is_append_only;
alter table audit rename column user_agent to device;
update audit set device = null;
alter table audit enable trigger audit_is_append_only;
create index audit_by_event on audit (event, id);
