-- One mail an event. Whoever claims a delivery sends it; when they die over it, another may claim it later.
create table deliveries (
  event_id uuid primary key,
  claimed_until timestamptz not null,
  sent_at timestamptz
);
