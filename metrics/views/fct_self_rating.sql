-- fct_self_rating: how one of the company's own people sees a promise: the level wanted, the level they think is delivered
-- grain: one row per respondent, day asked and promise (respondent, asked_on, pillar)
-- stored: table
-- units: wanted and delivered 0 to 10, null when not asked or not answered; office is front or back, that of the department's teams
-- source: canonical.self_ratings, canonical.teams
-- keeps: every answer; employees, so no segment of customers. A department without a team has office 'unknown'
with office as (
    select
        department,
        case when count(distinct office) = 1 then max(office) else 'unknown' end as office
    from canonical.teams
    where department is not null
    group by department
),

answer as (
    select
        respondent,
        asked_on,
        pillar,
        coalesce(max(role), 'unknown') as role,
        coalesce(max(department), 'unknown') as department,
        max(score) filter (where question = 'wanted') as wanted,
        max(score) filter (where question = 'delivered') as delivered
    from canonical.self_ratings
    group by respondent, asked_on, pillar
)

select
    a.respondent,
    a.asked_on,
    a.pillar,
    a.role,
    a.department,
    coalesce(o.office, 'unknown') as office,
    a.wanted,
    a.delivered
from answer as a
left join office as o on a.department = o.department
order by a.asked_on, a.respondent, a.pillar
