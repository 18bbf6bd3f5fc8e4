"""Shared fixtures: small sample snapshots, built once a run by the commands a user would run, and the real sets."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.company import Company

# Shared and noisy machines: an example may be slow without being wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "real"
CUSTOMERS = 2_000
MANY_CUSTOMERS = 6_000  # enough for the planted truths to stand out of the noise


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m ...` from the project's root; a failure shows all that it printed."""
    done = subprocess.run([sys.executable, "-m", *map(str, words)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"python -m {' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}"
    return done


def built_once(folder: Path, build) -> Path:
    """Build `folder` in whichever test process comes first; the others wait for it and use the same."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            build(folder)
            (folder / "done").touch()
    return folder


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, worker_id) -> Path:
    """One temporary folder for the whole run, the same in every xdist process."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


def sample_world(folder: Path, *options: str, customers: int = CUSTOMERS) -> None:
    command("data.sample", "--customers", str(customers), "--out", folder / "exports" / "sample", *options)
    command("data.refresh", "--exports", folder / "exports", "--snapshots", folder / "snapshots")


@pytest.fixture(scope="session")
def sample_snapshots(shared_folder) -> Path:
    """Snapshots folder of the sample company with 2,000 customers."""
    return built_once(shared_folder / "sample", sample_world) / "snapshots"


@pytest.fixture(scope="session")
def planted_snapshots(shared_folder) -> Path:
    """The sample company, larger."""
    return built_once(shared_folder / "planted", lambda f: sample_world(f, customers=MANY_CUSTOMERS)) / "snapshots"


@pytest.fixture(scope="session")
def planted_no_effect_snapshots(shared_folder) -> Path:
    """The larger company, where experience changes nothing in later behaviour."""

    def build(folder: Path) -> None:
        sample_world(folder, "--no-experience-effect", customers=MANY_CUSTOMERS)

    return built_once(shared_folder / "planted_no_effect", build) / "snapshots"


@pytest.fixture(scope="session")
def sample(sample_snapshots) -> Company:
    """The sample company with 2,000 customers, open and ready to be asked."""
    return Company.of(sample_snapshots)


@pytest.fixture(scope="session")
def planted(planted_snapshots) -> Company:
    """The larger sample company, open and ready to be asked."""
    return Company.of(planted_snapshots)


@pytest.fixture(scope="session")
def null(planted_no_effect_snapshots) -> Company:
    """The larger company where experience changes nothing, open and ready to be asked."""
    return Company.of(planted_no_effect_snapshots)


def real_set(name: str) -> Path:
    """Folder of a real data set beside the project; the test is skipped, and says so, where it is absent."""
    folder = REAL / name
    if not folder.is_dir():
        pytest.skip(f"the real data set {name} is not beside the project ({folder})")
    return folder


def real_world(name: str, folder: Path) -> None:
    command(
        "data.refresh",
        "--config",
        ROOT / "docs" / "examples" / name / "config.yaml",
        "--exports",
        real_set(name),
        "--snapshots",
        folder / "snapshots",
    )


def real_fixture(name: str):
    @pytest.fixture(scope="session", name=f"{name}_snapshots")
    def snapshots(shared_folder) -> Path:
        real_set(name)
        return built_once(shared_folder / name, lambda folder: real_world(name, folder)) / "snapshots"

    return snapshots


olist_8k_snapshots = real_fixture("olist_8k")
uci_incident_snapshots = real_fixture("uci_incident")
consumidor_gov_br_snapshots = real_fixture("consumidor_gov_br")
ecsi_satisfaction_snapshots = real_fixture("ecsi_satisfaction")
nhs_patient_experience_snapshots = real_fixture("nhs_patient_experience")
anonymous_bank_snapshots = real_fixture("anonymous_bank")
iranian_churn_snapshots = real_fixture("iranian_churn")
pierce_employee_survey_snapshots = real_fixture("pierce_employee_survey")
