"""What is shipped to run the app for others names what is there, and is no more than it needs."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from model import settings
from model.settings import ROOT, Settings
from ui import host

DEPLOY = ROOT / "deploy"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
CADDYFILE = (DEPLOY / "Caddyfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PROBED = {"/_stcore/health", *(route.path for route in host.ROUTES)}


def kubernetes(name: str) -> Any:
    return yaml.safe_load((DEPLOY / "kubernetes" / name).read_text())


def test_every_variable_is_a_setting() -> None:
    known = {name for kind in Settings.__subclasses__() for name in kind.variables()}
    caddys = set(re.findall(r"\{\$(INKLING_\w+)", CADDYFILE))
    files = [ROOT / "Dockerfile", *(path for path in DEPLOY.rglob("*") if path.is_file())]
    for path in files:
        assert set(re.findall(r"INKLING_\w+", path.read_text())) <= known | caddys, path


def test_every_limit_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    (kept,) = kubernetes("kustomization.yaml")["configMapGenerator"]
    literals = dict(literal.split("=") for literal in kept["literals"])
    limits = {name: value for name, value in literals.items() if "MOST" in name}
    composed = COMPOSE["services"]["app-1"]["environment"]
    assert limits.items() <= composed.items()
    assert limits.keys() == settings.Limits.variables().keys()
    for name, value in limits.items():
        monkeypatch.setenv(name, value)
    assert None not in settings.Limits.read().model_dump().values()


def test_the_image_has_all_of_the_app_and_runs_as_nobody_special() -> None:
    sources = [
        name
        for line in re.findall(r"^COPY (?!--)(.+)", DOCKERFILE, re.M)
        for name in line.split()[:-1]
    ]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    assert set(sources) == allowed
    assert {"app.py", "asgi.py", "assets", "model", "pages", "ui"} <= allowed
    assert all((ROOT / name).exists() for name in allowed)
    assert re.findall(r"^USER (.+)", DOCKERFILE, re.M) == ["1000"]


def test_the_door_leads_to_the_processes() -> None:
    services = COMPOSE["services"]
    workers = services["proxy"]["environment"]["INKLING_WORKERS"].split()
    apps = [name for name in services if name.startswith("app")]
    assert workers == [f"{name}:8501" for name in apps]
    for name in apps:
        assert services[name]["read_only"] is True
        assert services[name]["tmpfs"] == ["/tmp"]


def test_kubernetes_asks_what_the_app_answers() -> None:
    files = kubernetes("kustomization.yaml")["resources"]
    assert {*files, "kustomization.yaml"} == {p.name for p in (DEPLOY / "kubernetes").iterdir()}
    pod = kubernetes("app.yaml")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] in PROBED
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/data", "/tmp"}
    assert {v["name"] for v in pod["volumes"]} == {m["name"] for m in container["volumeMounts"]}


@pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed")
def test_caddy_takes_its_file(tmp_path: Path) -> None:
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"],
        env={"INKLING_WORKERS": "127.0.0.1:1 127.0.0.1:2", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_kustomize_takes_its_files() -> None:
    command = ["kubectl", "kustomize", str(DEPLOY / "kubernetes")]
    made = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    kinds = {one["kind"] for one in yaml.safe_load_all(made)}
    assert kinds == {
        "ConfigMap",
        "Deployment",
        "Namespace",
        "PersistentVolumeClaim",
        "Secret",
        "Service",
    }
