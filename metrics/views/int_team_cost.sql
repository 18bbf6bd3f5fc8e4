-- int_team_cost: what an hour of a team costs, from which day, until which day
-- grain: one row per team and first day (team, valid_from)
-- stored: temp
-- units: company currency an hour
-- source: canonical.teams
-- keeps: periods that say a cost; without a first day it holds from the beginning, without a last day for ever
select
    team,
    coalesce(valid_from, date '0001-01-01') as valid_from,
    coalesce(valid_to, date '9999-12-31') as valid_to,
    hourly_cost
from canonical.teams
where hourly_cost is not null
