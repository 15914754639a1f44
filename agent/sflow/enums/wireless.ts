// Standards of 802.11. See sFlow 802.11 Structures, "ieee80211_version".

export const ieee80211Version: Readonly<Record<number, string>> = {
  1: "a",
  2: "b",
  3: "g",
  4: "n",
};
