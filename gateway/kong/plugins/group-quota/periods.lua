local DAY = 86400

--- What requests are counted by, shorter ones first; lengths in seconds. A month counts as 30 days and a year as 365
--- where Kong announces when a window ends.
return {
  { name = "second", length = 1 },
  { name = "minute", length = 60 },
  { name = "hour", length = 3600 },
  { name = "day", length = DAY },
  { name = "month", length = 30 * DAY },
  { name = "year", length = 365 * DAY },
}
