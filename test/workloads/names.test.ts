// Names and data sources of containers in samples.

import { describe, expect, it } from "vitest";
import { containerUuid } from "../../agent/modules/docker/container.ts";
import { DataSourceTable } from "../../agent/workloads/data-source-table.ts";
import { NameTable } from "../../agent/workloads/names.ts";

const id = (digit: string): string => digit.repeat(64);

describe("names", () => {
  it("appends digits to both names if two are the same, and to neither after one has ended", () => {
    const names = new NameTable();
    names.set(id("a"), "web");
    expect(names.wireName(id("a"))).toBe("web");
    names.set(id("b"), "web");
    expect(names.wireName(id("a"))).toBe("web.aaaaaaaaaaaa");
    expect(names.wireName(id("b"))).toBe("web.bbbbbbbbbbbb");
    names.remove(id("a"));
    expect(names.wireName(id("b"))).toBe("web");
  });

  it("follows a rename", () => {
    const names = new NameTable();
    names.set(id("a"), "web");
    names.set(id("a"), "api");
    names.set(id("b"), "web");
    expect([names.wireName(id("a")), names.wireName(id("b"))]).toEqual(["api", "web"]);
  });

  it("cuts a name at 64 bytes between characters, and appends digits if two cut names are the same", () => {
    const names = new NameTable();
    names.set(id("a"), `${"x".repeat(63)}é1`);
    expect(names.wireName(id("a"))).toBe("x".repeat(63));
    names.set(id("b"), `${"x".repeat(63)}é2`);
    expect(names.wireName(id("b"))).toBe(`${"x".repeat(51)}.bbbbbbbbbbbb`);
  });

  it("uses digits of the id as the name of an unnamed container", () => {
    expect(new NameTable().wireName(id("c"))).toBe("cccccccccccc");
  });
});

describe("data sources", () => {
  it("assigns the same number to the same container, and the next free one if the number is in use", () => {
    const table = new DataSourceTable();
    const first = table.take(containerUuid(id("a")));
    const second = table.take(containerUuid(id("a")));
    expect(first?.class).toBe(3);
    expect(first?.index).toBeGreaterThanOrEqual(100_000);
    expect(second?.index).toBe((first?.index ?? 0) + 1);
    if (first !== undefined) table.release(first);
    expect(table.take(containerUuid(id("a")))).toEqual(first);
    expect(table.size).toBe(2);
  });

  it("reserves the number that a container had", () => {
    const [a, b] = [containerUuid(id("a")), containerUuid(id("b"))];
    const natural = new DataSourceTable().take(a)?.index ?? 0;
    const table = new DataSourceTable();
    table.keep(id("b").slice(0, 32), { class: 3, index: natural });
    expect([table.take(a)?.index, table.take(b)?.index]).toEqual([natural + 1, natural]);
  });

  it("derives the UUID from the container's id", () => {
    expect([...containerUuid(`0102${"ff".repeat(30)}`)].slice(0, 3)).toEqual([1, 2, 255]);
  });
});
