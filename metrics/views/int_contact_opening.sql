-- int_contact_opening: the contact that opened an issue
-- grain: one row per issue that an inbound contact belongs to (issue_id)
-- stored: temp
-- source: int_contact_sequence, canonical.contacts
-- keeps: every issue; of two contacts at the same moment the lower contact_id opens it
select
    s.issue_id,
    arg_min(s.contact_id, row(c.started_at, c.contact_id)) as contact_id
from int_contact_sequence as s
inner join canonical.contacts as c on s.contact_id = c.contact_id
group by s.issue_id
