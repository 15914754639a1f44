# Prints the kernel's values for this host under the names of sFlow: one JSON line a snapshot, again and again.
# Written apart from the agent, with other sources where they exist (ip, df, sysfs, sysconf), so that neither hides an
# error of the other. None means unknown. Argument: seconds between snapshots.

import json, os, re, subprocess, sys, time


def text(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def number(path):
    try:
        return int(text(path).strip() or 0)
    except ValueError:
        return 0


def run(*words):
    return subprocess.run(words, capture_output=True, text=True).stdout


def host_descr():
    name = os.uname()
    machine = {"x86_64": 3, "aarch64": 10, "i686": 2, "ppc64le": 7, "s390x": 12}.get(name.machine, 1)
    return {"hostname": name.nodename, "machine_type": machine, "os_name": 2, "os_release": name.release}


def host_cpu():
    one, five, fifteen, entities, _ = text("/proc/loadavg").split()
    stat = dict(line.split(" ", 1) for line in text("/proc/stat").splitlines())
    names = "user nice system idle wio intr sintr steal guest guest_nice".split()
    ticks = [int(word) * 1000 // os.sysconf("SC_CLK_TCK") for word in stat["cpu"].split()]
    mhz = re.search(r"cpu MHz\s*: (\d+)", text("/proc/cpuinfo"))
    return {
        "load_one": float(one),
        "load_five": float(five),
        "load_fifteen": float(fifteen),
        "proc_run": int(entities.split("/")[0]),
        "proc_total": int(entities.split("/")[1]),
        "cpu_num": os.sysconf("SC_NPROCESSORS_ONLN"),
        "cpu_speed": int(mhz.group(1)) if mhz else 0,
        "uptime": int(time.clock_gettime(time.CLOCK_BOOTTIME)),
        "interrupts": int(stat["intr"].split()[0]),
        "contexts": int(stat["ctxt"]),
        **{"cpu_" + name: value for name, value in zip(names, ticks)},
    }


def host_memory():
    memory = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in text("/proc/meminfo").splitlines()}
    paging = dict(line.split() for line in text("/proc/vmstat").splitlines())
    return {
        "mem_total": memory["MemTotal"],
        "mem_free": memory["MemFree"],
        "mem_shared": memory["Shmem"],
        "mem_buffers": memory["Buffers"],
        "mem_cached": memory["Cached"] + memory["SReclaimable"],
        "swap_total": memory["SwapTotal"],
        "swap_free": memory["SwapFree"],
        "page_in": int(paging["pgpgin"]),
        "page_out": int(paging["pgpgout"]),
        "swap_in": int(paging["pswpin"]),
        "swap_out": int(paging["pswpout"]),
    }


def host_disk_io():
    disks = [name for name in os.listdir("/sys/block") if os.path.exists(f"/sys/block/{name}/device")]
    columns = [[int(word) for word in text(f"/sys/block/{name}/stat").split()] for name in disks]
    total = [sum(column) for column in zip(*columns)]
    writable = {line.split()[1] for line in text("/proc/mounts").splitlines() if line.split()[3].split(",")[0] == "rw"}
    rows = [line.split() for line in run("df", "-l", "-B1", "--output=source,size,avail,target").splitlines()[1:]]
    local = [row for row in rows if row[0].startswith("/dev/") and row[3] in writable]
    return {
        "disk_total": sum(int(row[1]) for row in local),
        "disk_free": sum(int(row[2]) for row in local),
        "part_max_used": max((10000 - int(row[2]) * 10000 / int(row[1]) for row in local), default=None),
        "reads": total[0],
        "bytes_read": total[2] * 512,
        "read_time": total[3],
        "writes": total[4],
        "bytes_written": total[6] * 512,
        "write_time": total[7],
    }


def statistics(name):
    folder = f"/sys/class/net/{name}/statistics"
    return {entry: number(f"{folder}/{entry}") for entry in os.listdir(folder)}


def kind(link):
    return link.get("linkinfo", {}).get("info_kind")


def cards(links):
    real = [link for link in links if os.path.exists(f"/sys/class/net/{link['ifname']}/device")]
    free = [link for link in links if "master" not in link and "link" not in link]
    ends = [link for link in free if kind(link) in ("veth", "macvlan", "ipvlan")]
    return real or ends or [link for link in free if kind(link) == "tun"]


def host_net_io(links):
    all = [statistics(link["ifname"]) for link in cards(links)]
    total = lambda *names: sum(entry[name] for entry in all for name in names)
    return {
        "bytes_in": total("rx_bytes"),
        "pkts_in": total("rx_packets"),
        "errs_in": total("rx_errors"),
        "drops_in": total("rx_dropped", "rx_missed_errors"),
        "bytes_out": total("tx_bytes"),
        "pkts_out": total("tx_packets"),
        "errs_out": total("tx_errors"),
        "drops_out": total("tx_dropped"),
    }


def host_adapters(links):
    ports = ("veth", "tun", "macvtap")
    shown = [link for link in links if kind(link) not in ports] + [link for link in cards(links) if kind(link) in ports]
    macs = {link["ifindex"]: link["address"].replace(":", "") for link in shown if "UP" in link["flags"] and "address" in link}
    return {"adapters": sorted([index, mac] for index, mac in macs.items() if int(mac, 16) != 0)}


def mib2(group, prefix):
    lines = [line.split()[1:] for line in text("/proc/net/snmp").splitlines() if line.startswith(group + ":")]
    return {prefix + name.replace("ParmProbs", "ParamProbs"): int(value) for name, value in zip(*lines)}


KINDS = {"bridge": 209, "bond": 161, "vlan": 135, "vxlan": 131, "dummy": 53, "ifb": 53, "macvlan": 53, "macvtap": 53}
LINK_TYPES = {"loopback": 24, "ether": 6, "none": 131, "ppp": 23, "infiniband": 199}


def if_counters(link):
    name = link["ifname"]
    counted = statistics(name)
    speed = number(f"/sys/class/net/{name}/speed")
    duplex = text(f"/sys/class/net/{name}/duplex").strip()
    up = "UP" in link["flags"]
    running = link["operstate"] == "UP" or (link["operstate"] == "UNKNOWN" and up)
    return {
        "ifIndex": link["ifindex"],
        "ifType": KINDS.get(kind(link)) or LINK_TYPES.get(link["link_type"], 1),
        "ifSpeed": speed * 1000000 if 0 < speed < 0xFFFFFFFF and speed != 65535 else 0,
        "ifDirection": {"full": 1, "half": 2}.get(duplex, 0),
        "ifStatus": (1 if up else 0) + (2 if running else 0),
        "ifInOctets": counted["rx_bytes"],
        "ifInUcastPkts": counted["rx_packets"] - counted["multicast"],
        "ifInMulticastPkts": counted["multicast"],
        "ifInBroadcastPkts": None,
        "ifInDiscards": counted["rx_dropped"] + counted["rx_missed_errors"],
        "ifInErrors": counted["rx_errors"],
        "ifInUnknownProtos": None,
        "ifOutOctets": counted["tx_bytes"],
        "ifOutUcastPkts": counted["tx_packets"],
        "ifOutMulticastPkts": None,
        "ifOutBroadcastPkts": None,
        "ifOutDiscards": counted["tx_dropped"],
        "ifOutErrors": counted["tx_errors"],
        "ifPromiscuousMode": 1 if int(text(f"/sys/class/net/{name}/flags"), 16) & 0x100 else 0,
    }


def snapshot():
    begun = time.time()
    links = json.loads(run("ip", "-d", "-j", "link"))
    host = {
        "host_descr": host_descr(),
        "host_adapters": host_adapters(links),
        "host_cpu": host_cpu(),
        "host_memory": host_memory(),
        "host_disk_io": host_disk_io(),
        "host_net_io": host_net_io(links),
        **{f"mib2_{name.lower()}_group": mib2(name, name.lower()) for name in ("Ip", "Icmp", "Tcp", "Udp")},
    }
    interfaces = {
        f"0:{link['ifindex']}": {"if_counters": if_counters(link), "port_name": {"name": link["ifname"]}}
        for link in links
    }
    return {"begun": begun, "ended": time.time(), "sources": {"2:1": host, **interfaces}}


while True:
    print(json.dumps(snapshot()), flush=True)
    time.sleep(float(sys.argv[1]))
