"""What is worth saying of one customer's path: what they brought, what they lived, and what the CRM showed of it."""

from metrics.findings import Finding
from metrics.walks import Walk


def walk_findings(found: Walk | None) -> list[Finding]:
    """One Finding. The CRM's side is its health score at the last month end of the period."""
    if found is None:
        return [Finding("finding.walk.nobody", {})]
    holes = {
        "spent": (found.spent, "money"),
        "contacts": (len(found.contacts), "count"),
        "waited": (found.waited, "seconds"),
        "nothings": (found.little_nothings, "count"),
    }
    last = found.states[-1] if found.states else None
    if last is None or last.crm_health is None:
        return [Finding("finding.walk.unseen", holes)]
    key = {"silent_risk": "missed", "known_risk": "known", "healthy": "well", "unseen_love": "loved"}
    return [
        Finding(
            f"finding.walk.{key.get(last.quadrant, 'unplaced')}", holes | {"health": (float(last.crm_health), "count")}
        )
    ]
