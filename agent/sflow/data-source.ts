// The data source of a sample: an interface, the host, a container. See sFlow v5, section 5 "sflow_data_source", and
// SFLOW-MIB sFlowDataSource.

export const DataSourceClass = { ifIndex: 0, smonVlan: 1, entPhysicalEntry: 2, entLogicalEntry: 3 } as const;

/** The object that a sample describes: a class such as interface or entity, and an index in the class. */
export interface DataSource {
  readonly class: number;
  readonly index: number;
}

/** The data source of the physical host. By convention, all host agents use 2:1. */
export const HOST: DataSource = { class: DataSourceClass.entPhysicalEntry, index: 1 };

export const interfaceSource = (ifIndex: number): DataSource => ({ class: DataSourceClass.ifIndex, index: ifIndex });

/** Parses text such as `2:1`, the output of `showDataSource`. */
export function parseDataSource(text: string): DataSource {
  const [kind, index] = text.split(":");
  return { class: Number(kind), index: Number(index) };
}

/** Formats a data source as decoders print it: `2:1`. */
export const showDataSource = (source: DataSource): string => `${source.class}:${source.index}`;
