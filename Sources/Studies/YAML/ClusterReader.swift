/// Reads what a study or a site says of its cluster.
enum ClusterReader {
  static let keys = [
    "partition", "account", "qos", "constraint", "exclude", "time", "memory", "cores", "gpus", "warning", "setup", "container",
  ]

  static func options(_ reader: NodeReader) -> ClusterOptions? {
    guard let group = reader.group(known: keys) else { return nil }
    var options = ClusterOptions()
    let texts: [(String, WritableKeyPath<ClusterOptions, String?>)] = [
      ("partition", \.partition), ("account", \.account), ("qos", \.qos), ("constraint", \.constraint), ("exclude", \.exclude), ("time", \.time),
      ("memory", \.memory), ("gpus", \.gpus), ("container", \.container),
    ]
    for (key, path) in texts { group.read(key, into: &options[keyPath: path]) { $0.string() } }
    group.read("cores", into: &options.cores) { $0.integer() }
    group.read("warning", into: &options.warning) { $0.integer() }
    group.read("setup", into: &options.setup) { $0.strings() }
    return options
  }
}
