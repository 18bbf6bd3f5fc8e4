-- int_issue_contacts: what the contacts of an issue say about it
-- grain: one row per issue that a contact belongs to (issue_id)
-- stored: temp
-- source: fct_contact
-- keeps: contacts in and out; first_channel and the flags are those of the inbound contact that opened the issue
select
    issue_id,
    min(started_at) as opened_at,
    max(customer_id) filter (where is_first_of_issue) as customer_id,
    max(channel) filter (where is_first_of_issue) as first_channel,
    max(reason) filter (where is_first_of_issue) as reason,
    max(team) filter (where is_first_of_issue) as team,
    max(store) filter (where is_first_of_issue) as store,
    bool_or(is_first_of_issue) as is_opened_by_customer,
    cast(count(*) as integer) as n_contacts,
    cast(count(distinct channel) as integer) as n_channels,
    cast(count(*) filter (where is_transferred) as integer) as hand_off_count,
    bool_or(is_conflicting) as is_conflicting,
    cast(sum(handling_cost) as decimal(18, 4)) as handling_cost,
    max(started_at) as last_contact_at,
    arg_max(not coalesce(is_abandoned, false), row(started_at, contact_id)) as is_last_handled,
    bool_or(is_resolved_in_one_contact) as is_resolved_in_one_contact,
    bool_or(is_fcr_same_channel) as is_fcr_same_channel
from fct_contact
where issue_id is not null
group by issue_id
