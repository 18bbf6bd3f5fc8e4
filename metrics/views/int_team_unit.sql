-- int_team_unit: a team's department, and what it is drawn as: itself among the 14 with most contacts, else its department
-- grain: one row per team that a contact names (team)
-- stored: temp
-- source: canonical.contacts, canonical.teams
-- keeps: teams that answered or took over a contact; without a department they are drawn as 'other_teams'
with named as (
    select team from canonical.contacts
    union all
    select transferred_to as team from canonical.contacts
),

sized as (
    select
        team,
        row_number() over (order by count(*) desc, team) as place
    from named
    where team is not null
    group by team
),

department as (
    select
        team,
        arg_max(department, coalesce(valid_from, date '0001-01-01')) as department
    from canonical.teams
    where department is not null
    group by team
)

select
    s.team,
    coalesce(d.department, 'unknown') as department,
    case when s.place <= 14 then s.team else coalesce(d.department, 'other_teams') end as unit
from sized as s
left join department as d on s.team = d.team
