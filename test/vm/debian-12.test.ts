// The tests of installed.ts on Debian 12.

import { byDpkg } from "./delivery.ts";
import { testInstalled } from "./installed.ts";

testInstalled("bookworm", 12, byDpkg);
