// The data source of a sample: an interface, the host, a container. sFlow v5, section 5 "sflow_data_source"; SFLOW-MIB
// sFlowDataSource.

export const DataSourceClass = { ifIndex: 0, smonVlan: 1, entPhysicalEntry: 2, entLogicalEntry: 3 } as const;

export interface DataSource {
  readonly class: number;
  readonly index: number;
}

/** The physical host. Every host agent calls it 2:1, by convention. */
export const HOST: DataSource = { class: DataSourceClass.entPhysicalEntry, index: 1 };

export const interfaceSource = (ifIndex: number): DataSource => ({ class: DataSourceClass.ifIndex, index: ifIndex });

/** Parses the output of `showDataSource`. */
export function parseDataSource(text: string): DataSource {
  const [kind, index] = text.split(":");
  return { class: Number(kind), index: Number(index) };
}

/** Formats a data source as decoders print it: `2:1`. */
export const showDataSource = (source: DataSource): string => `${source.class}:${source.index}`;
