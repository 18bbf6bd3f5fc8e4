-- int_contact_answer: whether a contact gave another answer than the last one to the same question in the same issue
-- grain: one row per contact that answered a question which another channel or team had answered before (contact_id)
-- stored: temp
-- source: canonical.contacts, int_contact_sequence
-- keeps: contacts in and out of an issue; an earlier answer of the same team on the same channel is none to compare with
with answer as (
    select
        c.contact_id,
        coalesce(s.issue_id, c.case_id) as issue_id,
        c.started_at,
        c.channel,
        coalesce(c.team, 'unknown') as team,
        c.question_code,
        c.answer_code
    from canonical.contacts as c
    left join int_contact_sequence as s on c.contact_id = s.contact_id
    where c.question_code is not null and c.answer_code is not null
)

select
    a.contact_id,
    a.answer_code <> arg_max(e.answer_code, row(e.started_at, e.contact_id)) as is_conflicting
from answer as a
inner join answer as e
    on
        a.issue_id = e.issue_id
        and a.question_code = e.question_code
        and row(e.started_at, e.contact_id) < row(a.started_at, a.contact_id)
        and (a.channel <> e.channel or a.team <> e.team)
group by a.contact_id, a.answer_code
