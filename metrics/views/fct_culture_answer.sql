-- fct_culture_answer: an employee's answer on one item about the signals that the company sends
-- grain: one row per answered item (respondent, asked_on, item)
-- stored: table
-- units: score 1 to 5, high is good (other scales are stretched to it, items worded the other way round are turned)
-- source: canonical.culture_answers, canonical.teams
-- keeps: answers without team, department or signal, as 'unknown'. Where each code of a respondent stands for one answer only, the
--   answers of a person cannot be told to be one person's (is_linked false): the k-th answers to each item of a group then share a
--   code, so that a group counts as many people as the most answered item has answers, never as many as answers
with office as (
    select
        team,
        max(department) as department,
        case when count(distinct office) = 1 then max(office) end as office
    from canonical.teams
    where team is not null
    group by team
),

linked as (
    select
        asked_on,
        count(*) > count(distinct respondent) or count(distinct item) = 1 as is_linked
    from canonical.culture_answers
    group by asked_on
),

answer as (
    select
        a.respondent,
        a.asked_on,
        coalesce(a.team, 'unknown') as team,
        coalesce(a.department, o.department, 'unknown') as department,
        coalesce(a.office, o.office, 'unknown') as office,
        coalesce(a.signal, 'unknown') as signal,
        a.item,
        a.scale_low,
        a.scale_high,
        1 + 4 * (case when a.better = 'low' then a.scale_low + a.scale_high - a.score else a.score end - a.scale_low)
        / nullif(a.scale_high - a.scale_low, 0) as score
    from canonical.culture_answers as a
    left join office as o on a.team = o.team
    where a.score is not null
)

select
    case
        when l.is_linked then a.respondent
        else concat_ws(
            ' ', a.department, a.team, a.office,
            row_number() over (
                partition by a.asked_on, a.department, a.team, a.office, a.item
                order by length(a.respondent), a.respondent
            )
        )
    end as respondent,
    a.asked_on,
    a.team,
    a.department,
    a.office,
    a.signal,
    a.item,
    a.score,
    a.scale_low,
    a.scale_high,
    l.is_linked
from answer as a
inner join linked as l on a.asked_on is not distinct from l.asked_on
where a.score is not null
order by a.asked_on, a.respondent, a.item
