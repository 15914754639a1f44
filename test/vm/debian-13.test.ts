// The tests of installed.ts on Debian 13, where the package comes from an apt repository.

import { afterAll } from "vitest";
import { AptDelivery } from "./apt-delivery.ts";
import { testInstalled } from "./installed.ts";

const apt = new AptDelivery();
afterAll(() => apt.close());

testInstalled("trixie", 13, apt);
