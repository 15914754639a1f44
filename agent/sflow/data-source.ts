// What a sample speaks of: an interface, the host, a container. sFlow v5, section 5 "sflow_data_source"; SFLOW-MIB
// sFlowDataSource.

export const DataSourceClass = { ifIndex: 0, smonVlan: 1, entPhysicalEntry: 2, entLogicalEntry: 3 } as const;

export interface DataSource {
  readonly class: number;
  readonly index: number;
}

/** The physical host: sFlow Host Structures name it 2:1 by convention of every host agent. */
export const HOST: DataSource = { class: DataSourceClass.entPhysicalEntry, index: 1 };

export const interfaceSource = (ifIndex: number): DataSource => ({ class: DataSourceClass.ifIndex, index: ifIndex });

/** What `showDataSource` printed. */
export function parseDataSource(text: string): DataSource {
  const [kind, index] = text.split(":");
  return { class: Number(kind), index: Number(index) };
}

/** As decoders print it: `2:1`. */
export const showDataSource = (source: DataSource): string => `${source.class}:${source.index}`;
