"""What is worth saying of one customer's path: what they brought, what they lived, and what the CRM showed of it."""

from metrics.findings import Finding
from metrics.walks import Walk

SEEN = {"silent_risk": "missed", "known_risk": "known", "healthy": "well", "unseen_love": "loved"}


def walk_findings(found: Walk | None) -> list[Finding]:
    """Two Findings: what was lived, and what the CRM's health score at the last month end of the period made of it."""
    if found is None:
        return [Finding("finding.walk.nobody", {})]
    lived = {
        "spent": (found.spent, "money"),
        "broken": (found.broken_promises, "count"),
        "unhappy": (found.unhappy_answers, "count"),
    }
    if found.knows_contacts:
        lived |= {"contacts": (len(found.contacts), "count"), "waited": (found.waited, "seconds")}
    first = Finding("finding.walk.lived" if found.knows_contacts else "finding.walk.lived_without_contacts", lived)
    last = found.states[-1] if found.states else None
    if last is None or last.crm_health is None:
        return [first, Finding("finding.walk.unseen", {})]
    health = {"health": (float(last.crm_health), "count")}
    return [first, Finding(f"finding.walk.{SEEN.get(last.quadrant, 'unplaced')}", health)]
