// The keys that sflowtool prints for fields of flow records, and the line that it prints before the fields.

import type { Keys } from "./keys.ts";

const socket = (name: string): Keys => ({
  head: ["extendedType", name],
  prefix: `${name}_`,
  names: { protocol: `${name}_ip_protocol` },
});

export const flowKeys: Readonly<Record<string, Keys>> = {
  extended_switch: {
    head: ["extendedType", "SWITCH"],
    names: { src_vlan: "in_vlan", src_priority: "in_priority", dst_vlan: "out_vlan", dst_priority: "out_priority" },
  },
  extended_router: {
    head: ["extendedType", "ROUTER"],
    names: { nexthop: "nextHop", src_mask_len: "srcSubnetMask", dst_mask_len: "dstSubnetMask" },
  },
  extended_url: { head: ["extendedType", "URL"], names: { direction: "url_direction" } },
  extended_openflow_v1: { head: ["extendedType", "openflow_v1"], prefix: "openflow_" },
  extended_fc: { head: ["extendedType", "fc"], prefix: "fc_" },
  extended_queue_length: { head: ["extendedType", "queue_length"] },
  extended_ib_lrh: { head: ["extendedType", "ib_lrh"], prefix: "ib_lrh_" },
  extended_ib_grh: { head: ["extendedType", "ib_grh"], prefix: "ib_grh_" },
  extended_ib_bth: { head: ["extendedType", "ib_bth"], prefix: "ib_bth_" },
  extended_nat: { head: ["extendedType", "NAT"], names: { src_address: "nat_src", dst_address: "nat_dst" } },
  extended_nat_port: { head: ["extendedType", "NAT PORT"], prefix: "nat_" },
  extended_mpls_tunnel: {
    names: { tunnel_lsp_name: "mpls_tunnel_lsp_name", tunnel_id: "mpls_tunnel_id", tunnel_cos: "mpls_tunnel_cos" },
  },
  extended_mpls_vc: {
    names: { vc_instance_name: "mpls_vc_name", vll_vc_id: "mpls_vll_vc_id", vc_label_cos: "mpls_vc_cos" },
  },
  extended_mpls_FTN: { names: { mplsFTNDescr: "mpls_ftn_descr", mplsFTNMask: "mpls_ftn_mask" } },
  extended_mpls_LDP_FEC: { names: { mplsFecAddrPrefixLength: "mpls_fec_addr_prefix_len" } },
  extended_80211_rx: {
    prefix: "rx_",
    names: { ssid: "rx_SSID", bssid: "rx_BSSID", packet_duration: "rx_packet_uS" },
  },
  extended_80211_tx: {
    prefix: "tx_",
    names: {
      ssid: "tx_SSID",
      bssid: "tx_BSSID",
      packet_duration: "tx_packet_uS",
      retrans_duration: "tx_retrans_uS",
      power: "tx_power_mW",
    },
  },
  extended_decapsulate_egress: { head: ["extendedType", "out_decap"], prefix: "out_decap_" },
  extended_decapsulate_ingress: { head: ["extendedType", "in_decap"], prefix: "in_decap_" },
  extended_vni_egress: { head: ["extendedType", "out_VNI"], names: { vni: "out_VNI" } },
  extended_vni_ingress: { head: ["extendedType", "in_VNI"], names: { vni: "in_VNI" } },
  extended_egress_queue: { head: ["extendedType", "egress_queue"], names: { queue: "egress_queue_id" } },
  extended_acl: { head: ["extendedType", "acl"], prefix: "acl_" },
  extended_function: { head: ["extendedType", "function"] },
  extended_transit: { head: ["extendedType", "transit_delay"], names: { delay: "transit_delay_nS" } },
  extended_queue: { head: ["extendedType", "queue_depth"], names: { depth: "queue_depth_bytes" } },
  extended_hw_trap: { head: ["extendedType", "hw_trap"], names: { group: "hw_trap_group", trap: "hw_trap_name" } },
  extended_linux_drop_reason: { head: ["extendedType", "linux_reason"], names: { reason: "linux_drop_reason" } },
  extended_timestamp: { head: ["extendedType", "timestamp"], names: { nanoseconds: "timestamp_nS" } },
  transaction: { head: ["flowSampleType", "transaction"], prefix: "transaction_" },
  nfs_transaction: { head: ["flowSampleType", "nfs"], prefix: "nfs_" },
  scsi_transaction: { head: ["flowSampleType", "scsi"], prefix: "scsi_" },
  http_transaction: { head: ["flowSampleType", "http"], prefix: "http_", names: { referer: "http_referrer" } },
  extended_socket_ipv4: socket("socket4"),
  extended_socket_ipv6: socket("socket6"),
  extended_proxy_socket_ipv4: socket("proxy_socket4"),
  extended_proxy_socket_ipv6: socket("proxy_socket6"),
  memcache_operation: {
    head: ["flowSampleType", "memcache"],
    prefix: "memcache_op_",
    names: { uS: "memcache_op_duration_uS" },
  },
  app_initiator: { names: { actor: "actor_initiator" } },
  app_target: { names: { actor: "actor_target" } },
  http_request: {
    head: ["flowSampleType", "http"],
    prefix: "http_",
    names: {
      referer: "http_referrer",
      "mime-type": "http_mimetype",
      req_bytes: "http_request_bytes",
      resp_bytes: "http_bytes",
      uS: "http_duration_uS",
    },
  },
  extended_proxy_request: { head: ["extendedType", "proxy_request"], prefix: "proxy_request_" },
  extended_nav_timing: { head: ["extendedType", "nav_timing"], prefix: "nav_timing_" },
  extended_tcp_info: {
    names: {
      snd_mss: "tcpinfo_send_mss",
      rcv_mss: "tcpinfo_receive_mss",
      unacked: "tcpinfo_unacked_pkts",
      lost: "tcpinfo_lost_pkts",
      retrans: "tcpinfo_retrans_pkts",
      pmtu: "tcpinfo_path_mtu",
      rtt: "tcpinfo_rtt_uS",
      rttvar: "tcpinfo_rtt_uS_var",
      snd_cwnd: "tcpinfo_send_congestion_win",
      reordering: "tcpinfo_reordering",
      min_rtt: "tcpinfo_rtt_uS_min",
    },
  },
  extended_entities: {
    head: ["extendedType", "entities"],
    names: {
      src_ds_class: "entities_src_class",
      src_ds_index: "entities_src_index",
      dst_ds_class: "entities_dst_class",
      dst_ds_index: "entities_dst_index",
    },
  },
  extended_bst_egress_queue: {
    head: ["extendedType", "bst_egress_queue"],
    names: { queue: "bst_egress_queue_id" },
  },
};
