import errno
from pathlib import Path

import pytest

from kiosk.machine import Finding, Machine, examine
from kiosk.machine.sources import clock_is_kept, free_bytes, resolves
from kiosk.settings import Settings
from tests.machine.fake_machine import MEBI, NOW, FakeMachine

ION = {
    "url": "https://ion.example/graphql",
    "token_url": "https://auth.example/token",
    "client_id": "kiosk",
    "client_secret": "s",
}
GUN = {"name": "gun", "station": "dock-1", "kind": "serial", "port": "/dev/ttyACM0"}
FOLDER = "/var/lib/ion-kiosk"


def settings(**sections: object) -> Settings:
    return Settings.model_validate({"ion": ION, "stations": [{"name": "dock-1"}], **sections})


@pytest.fixture
def pi(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


def found(pi: FakeMachine, part: str, given: Settings | None = None) -> list[tuple[str, bool, str]]:
    findings = examine(pi.machine, given or settings())
    return [(one.name, one.is_ok, one.text) for one in findings if one.part == part]


def faults(pi: FakeMachine, given: Settings | None = None) -> list[Finding]:
    return [one for one in examine(pi.machine, given or settings()) if not one.is_ok]


def test_on_a_machine_that_is_well_nothing_is_to_be_mended(pi: FakeMachine) -> None:
    assert examine(pi.machine, settings()) == [
        Finding("disk", FOLDER, is_ok=True, text="20000 MiB free of 30000 MiB."),
        Finding("clock", "time", is_ok=True, text="2026-11-26 06:00 UTC, kept right by the network."),
        Finding("network", "way out", is_ok=True, text="eth0: link, route and names."),
    ]


def test_every_fault_names_what_to_do(pi: FakeMachine) -> None:
    pi.put("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n")
    pi.put("sys/fs/ext4/mmcblk0p2/errors_count", "3\n")
    pi.with_(
        clock_is_kept=lambda: False, resolves=lambda _host: False, free_bytes=lambda _folder: (1, 30 * MEBI)
    )
    found = faults(pi)
    assert [one.part for one in found] == ["power", "disk", "disk", "clock", "network"]
    assert all("." in one.text or ":" in one.text for one in found)


# -- power


@pytest.mark.parametrize(
    ("flags", "is_ok", "words"),
    [
        ("0", True, "enough voltage, not too hot, since the start."),
        ("0x0", True, "enough voltage, not too hot, since the start."),
        ("50005", False, "now the voltage is too low and the processor is slowed down. Use the official"),
        (
            "50000",
            False,
            "since the start it was so: the voltage is too low and the processor is slowed down. Use",
        ),
        ("80008", False, "now it is too hot. Give it air or a fan."),
        ("0x1", False, "now the voltage is too low. Use the official power supply"),
    ],
)
def test_the_firmware_tells_voltage_and_heat(pi: FakeMachine, flags: str, is_ok: bool, words: str) -> None:
    pi.put("sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", f"{flags}\n")
    ((name, was_ok, text),) = found(pi, "power")
    assert (name, was_ok) == ("supply", is_ok)
    assert text.startswith(words)


@pytest.mark.parametrize(("alarm", "is_ok"), [("0", True), ("1", False)])
def test_the_voltage_sensor_tells_it_where_the_firmware_does_not(
    pi: FakeMachine, alarm: str, is_ok: bool
) -> None:
    pi.put("sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    pi.put("sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    pi.put("sys/class/hwmon/hwmon1/in0_lcrit_alarm", f"{alarm}\n")
    assert [is_well for _, is_well, _ in found(pi, "power")] == [is_ok]


def test_flags_that_are_none_and_a_machine_without_a_sensor_are_not_spoken_of(pi: FakeMachine) -> None:
    pi.put("sys/devices/platform/soc/soc:firmware/get_throttled", "error\n")
    assert found(pi, "power") == []


# -- disk


@pytest.mark.parametrize(
    ("free", "size", "is_ok"),
    [(600, 30_000, True), (400, 30_000, False), (100, 500, True), (40, 500, False)],
)
def test_a_full_disk_is_said_before_scans_are_refused(
    pi: FakeMachine, free: int, size: int, is_ok: bool
) -> None:
    pi.with_(free_bytes=lambda _folder: (free * MEBI, size * MEBI))
    ((_, was_ok, text),) = found(pi, "disk")
    assert was_ok == is_ok
    assert text.startswith(f"{free} MiB free of {size} MiB.")
    assert is_ok or "sudo apt-get clean" in text


def test_a_folder_that_is_not_there_is_said(pi: FakeMachine) -> None:
    def missing(folder: Path) -> tuple[int, int]:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(folder))

    pi.with_(free_bytes=missing)
    assert found(pi, "disk") == [
        (FOLDER, False, "No such file or directory. Is the service installed?"),
    ]


def test_a_file_system_that_the_kernel_made_read_only_is_said(pi: FakeMachine) -> None:
    pi.put(
        "proc/self/mounts",
        "/dev/root / ext4 ro 0 0\n/dev/sda1 /var/lib/ion-kiosk ext4 ro,noatime 0 0\nnonsense\n",
    )
    assert [(name, is_ok) for name, is_ok, _ in found(pi, "disk")] == [(FOLDER, False)]
    pi.put("proc/self/mounts", "/dev/root / ext4 ro 0 0\n/dev/sda1 /var/lib/ion-kiosk ext4 rw 0 0\n")
    assert [(name, is_ok) for name, is_ok, _ in found(pi, "disk")] == [(FOLDER, True)]


def test_an_overlay_root_is_explained(pi: FakeMachine) -> None:
    pi.put("proc/self/mounts", "/dev/root / ext4 ro 0 0\noverlay / overlay rw 0 0\n")
    assert [(name, is_ok) for name, is_ok, _ in found(pi, "disk")] == [(FOLDER, True), ("/", True)]


def test_errors_of_the_file_system_are_said(pi: FakeMachine) -> None:
    pi.put("sys/fs/ext4/mmcblk0p1/errors_count", "0\n")
    pi.put("sys/fs/ext4/mmcblk0p2/errors_count", "2\n")
    pi.put("sys/fs/ext4/mmcblk0p2/last_error_func", "ext4_lookup\n")
    assert [one for one in found(pi, "disk") if not one[1]] == [
        (
            "mmcblk0p2",
            False,
            (
                "the file system has 2 error(s), the last in ext4_lookup. "
                "Make a backup ('kiosk journal backup' to another medium), then a new card."
            ),
        )
    ]


@pytest.mark.parametrize(
    ("life", "urgency", "is_ok", "words"),
    [
        ("0x01 0x02", "0x01", True, "20 % of its life is used at most."),
        ("0x0b 0x01", "0x01", False, "the medium is worn out: 100 % of its life is used. "),
        ("0x05 0x05", "0x03", False, "the medium is worn out: 50 % of its life is used. "),
        ("", "", True, "made 08/2024; it does not say how worn it is."),
    ],
)
def test_a_card_tells_how_worn_it_is(
    pi: FakeMachine, life: str, urgency: str, is_ok: bool, words: str
) -> None:
    for name, said in (
        ("name", "SN64G"),
        ("date", "08/2024"),
        ("life_time", life),
        ("pre_eol_info", urgency),
    ):
        pi.put(f"sys/block/mmcblk0/device/{name}", f"{said}\n")
    ((name, was_ok, text),) = found(pi, "disk")[1:]
    assert (name, was_ok) == ("mmcblk0 SN64G", is_ok)
    assert text.startswith(words)


def test_a_journal_without_a_folder_of_this_machine_has_no_disk(pi: FakeMachine) -> None:
    assert found(pi, "disk", settings(journal={"url": "sqlite://"})) == []


# -- clock


def test_a_clock_that_was_never_set_is_not_called_a_network_fault(pi: FakeMachine) -> None:
    pi.remove("sys/class/rtc/rtc0/name")
    pi.remove("sys/class/rtc/rtc0")
    pi.with_(now=lambda: NOW.replace(year=1970))
    ((_, is_ok, text),) = found(pi, "clock")
    assert not is_ok
    assert text.startswith("it is 1970-11-26 06:00 UTC here: the clock is not set")
    assert "It has no clock of its own" in text


def test_a_clock_that_nothing_keeps_right_is_said(pi: FakeMachine) -> None:
    pi.with_(clock_is_kept=lambda: False)
    ((_, is_ok, text),) = found(pi, "clock")
    assert not is_ok
    assert "sudo timedatectl set-ntp true" in text
    assert "no clock of its own" not in text


# -- network


def test_no_link_is_said_first(pi: FakeMachine) -> None:
    pi.put("sys/class/net/eth0/operstate", "down\n")
    pi.put("sys/class/net/docker0/operstate", "up\n")
    pi.put("proc/net/route", "")
    pi.with_(resolves=lambda _host: False)
    assert [text.partition(".")[0] for _, _, text in found(pi, "network")] == [
        "no link: eth0 has no cable and no Wi-Fi"
    ]


def test_then_no_way_on(pi: FakeMachine) -> None:
    pi.put(
        "proc/net/route", "Iface\tDestination\neth0\t0002A8C0\t00000000\t1\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
    )
    pi.put("proc/net/ipv6_route", f"{'0' * 32} 00 {'0' * 32} 00 {'0' * 32} ffffffff 1 0 200200       lo\n")
    assert [text.partition(":")[0] for _, _, text in found(pi, "network")] == [
        "eth0 has a link and no way on"
    ]
    gateway = "fe80" + "0" * 27 + "1"
    pi.put("proc/net/ipv6_route", f"{'0' * 32} 00 {'0' * 32} 00 {gateway} 400 1 0 450003     eth0\n")
    assert [is_ok for _, is_ok, _ in found(pi, "network")] == [True]


def test_then_the_name_that_nobody_knows(pi: FakeMachine) -> None:
    pi.with_(resolves=lambda host: host != "auth.example")
    assert [text.partition(".")[0] for _, _, text in found(pi, "network")] == ["nobody knows the name 'auth"]


def test_an_ion_on_this_machine_needs_no_network(pi: FakeMachine) -> None:
    here = {**ION, "url": "http://127.0.0.1:9000/graphql", "token_url": "http://localhost:9000/token"}
    pi.put("sys/class/net/eth0/operstate", "down\n")
    assert found(pi, "network", settings(ion=here)) == []


def test_an_address_is_no_name(pi: FakeMachine) -> None:
    pi.with_(resolves=lambda _host: False)
    numbers = {**ION, "url": "https://192.0.2.7/graphql", "token_url": "https://[2001:db8::1]/token"}
    assert [is_ok for _, is_ok, _ in found(pi, "network", settings(ion=numbers))] == [True]


# -- access


def test_groups_that_the_devices_of_the_settings_need_are_named(pi: FakeMachine) -> None:
    given = settings(
        scanners=[GUN, {**GUN, "name": "pos", "kind": "hid-pos", "port": "0c2e:0b81"}],
        printers=[
            {"name": "usb", "url": "device:///dev/usb/lp0"},
            {"name": "net", "url": "tcp://192.0.2.10:9100"},
        ],
    )
    assert found(pi, "access", given) == []
    pi.with_(groups=lambda: [999])
    assert [(name, is_ok) for name, is_ok, _ in found(pi, "access", given)] == [
        ("dialout", False),
        ("input", False),
        ("lp", False),
    ]
    serial = settings(printers=[{"name": "old", "url": "serial:///dev/ttyUSB0"}])
    assert [name for name, _, _ in found(pi, "access", serial)] == ["dialout"]


def test_root_is_told_that_the_service_sees_less(pi: FakeMachine) -> None:
    pi.with_(user=lambda: 0, groups=lambda: [0])
    assert [(name, is_ok) for name, is_ok, _ in found(pi, "access", settings(scanners=[GUN]))] == [
        ("user", True)
    ]


def test_a_secret_that_others_can_read_is_said(pi: FakeMachine, tmp_path: Path) -> None:
    secret = tmp_path / "ion-secret"
    given = settings(ion={**ION, "client_secret_file": str(secret)})
    assert found(pi, "access", given) == []
    secret.write_text("s", encoding="ascii")
    secret.chmod(0o644)
    assert [(name, is_ok) for name, is_ok, _ in found(pi, "access", given)] == [
        ("ion.client_secret_file", False)
    ]
    secret.chmod(0o640)
    assert found(pi, "access", given) == []


# -- services


def scanner_on(pi: FakeMachine, *, mark: str) -> None:
    """Put a serial scanner on USB, as ttyACM0."""
    interface = pi.folder / "sys/devices/usb1/1-1/1-1:1.0"
    pi.put("sys/devices/usb1/1-1/idVendor", "0c2e\n")
    pi.put("sys/devices/usb1/1-1/dev", "189:4\n")
    interface.mkdir()
    tty = pi.folder / "sys/class/tty/ttyACM0"
    tty.mkdir(parents=True)
    (tty / "device").symlink_to(interface)
    pi.put("run/udev/data/c189:4", f"N:bus/usb/001/005\n{mark}")


@pytest.mark.parametrize(("mark", "is_ok"), [("E:ID_MM_DEVICE_IGNORE=1\n", True), ("", False)])
def test_modem_manager_may_run_where_udev_keeps_it_away(pi: FakeMachine, mark: str, is_ok: bool) -> None:
    scanner_on(pi, mark=mark)
    given = settings(scanners=[GUN])
    assert found(pi, "services", given) == []
    pi.starts("ModemManager")
    ((name, was_ok, text),) = found(pi, "services", given)
    assert (name, was_ok) == ("ModemManager", is_ok)
    assert is_ok or "sudo systemctl mask --now ModemManager" in text


def test_modem_manager_is_no_fault_without_its_scanner_and_is_one_on_a_soldered_port(pi: FakeMachine) -> None:
    pi.starts("ModemManager")
    assert [is_ok for _, is_ok, _ in found(pi, "services", settings(scanners=[GUN]))] == [True]
    (pi.folder / "sys/class/tty/ttyACM0/device").mkdir(parents=True)
    assert [is_ok for _, is_ok, _ in found(pi, "services", settings(scanners=[GUN]))] == [False]


def test_ipp_usb_is_a_fault_where_it_holds_a_printer(pi: FakeMachine) -> None:
    pi.starts("ipp-usb")
    assert [is_ok for _, is_ok, _ in found(pi, "services")] == [True]
    interface = pi.folder / "sys/devices/usb1/1-2/1-2:1.0"
    pi.put("sys/devices/usb1/1-2/product", "QL-820NWB\n")
    pi.put("sys/devices/usb1/1-2/1-2:1.0/bInterfaceClass", "07\n")
    (pi.folder / "sys/bus/usb/devices").mkdir(parents=True)
    (pi.folder / "sys/bus/usb/devices/1-2:1.0").symlink_to(interface)
    driver = pi.folder / "sys/bus/usb/drivers/usblp"
    driver.mkdir(parents=True)
    (interface / "driver").symlink_to(driver)
    assert [is_ok for _, is_ok, _ in found(pi, "services")] == [True]
    (interface / "driver").unlink()
    (interface / "driver").symlink_to(driver.with_name("usbfs"))
    ((_, is_ok, text),) = found(pi, "services")
    assert not is_ok
    assert text.startswith("holds QL-820NWB, so that there is no /dev/usb/lp for it")


# -- this machine


def test_this_machine_can_be_looked_at() -> None:
    assert {one.part for one in examine(Machine(resolves=lambda _host: True), settings())} >= {
        "disk",
        "clock",
    }
    assert isinstance(clock_is_kept(), bool)
    assert resolves("127.0.0.1")
    assert not resolves("")
    free, size = free_bytes(Path("/"))
    assert 0 <= free <= size
