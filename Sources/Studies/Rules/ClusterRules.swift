/// What is asked of a cluster can be written into a script.
struct ClusterIsPossible: StudyRule {
  func violations(in study: Study) -> [Violation] { Self.violations(in: study.cluster, path: "cluster.") }

  static func violations(in options: ClusterOptions, path: String) -> [Violation] {
    var found: [Violation] = []
    for (key, count) in [("cores", options.cores), ("warning", options.warning)] {
      if let count, count < 1 { found.append(Violation(path: path + key, problem: "\(path)\(key) is \(count).", remedy: "Use a whole number from 1.")) }
    }
    let words: [(String, String?)] = [
      ("partition", options.partition), ("account", options.account), ("qos", options.qos), ("constraint", options.constraint),
      ("exclude", options.exclude), ("time", options.time), ("memory", options.memory), ("gpus", options.gpus),
    ]
    for (key, word) in words {
      // Each becomes a part of a line that Slurm reads.
      if let word, word.isEmpty || word.contains(where: { $0.isWhitespace || $0 == "#" }) {
        found.append(Violation(path: path + key, problem: "\(path)\(key) is “\(word)”.", remedy: "Write it as Slurm takes it, in one word."))
      }
    }
    for line in options.setup ?? [] where line.contains("\n") {
      found.append(
        Violation(path: path + "setup", problem: "A line of \(path)setup has a line break.", remedy: "Write each line of the script as an entry of its own."))
    }
    return found
  }
}
