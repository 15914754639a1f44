// `npm run bench:low -- SECONDS WARM_UP_SECONDS RATE...`: only the table of low rates, in windows of that many seconds.

import { benchLowRates } from "./low-rates.ts";
import { lowRateRows } from "./table.ts";

const [seconds, warmUp, ...rates] = process.argv.slice(2).map(Number);
const rows = await benchLowRates(seconds, warmUp, rates.length > 0 ? rates : undefined);
process.stdout.write(`${lowRateRows({ lowRates: rows }).join("\n")}\n`);
