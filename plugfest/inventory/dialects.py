"""The dialects that a switch in a lab file may name; each is a way to ask and tell a network operating system."""

EMBEDDED_DIALECT = "frr_linux"

KNOWN_DIALECTS: tuple[str, ...] = (
    EMBEDDED_DIALECT,
    "sonic",
    "huawei_vrp",
    "h3c_comware",
    "cumulus_nvue",
    "arista_eos",
    "cisco_nxos",
    "ruijie_rgos",
    "zte_zxros",
    "asternos",
    "centec",
)
