/// Devices have names that can be, each once, and the numbers of processes, threads and seconds are positive.
struct ExecutionIsPossible: StudyRule {
  func violations(in study: Study) -> [Violation] {
    let execution = study.execution
    var found = [Violation]()
    for device in execution.devices where !isDevice(device) {
      found.append(
        Violation(
          path: "device", problem: "There is no device “\(device)”.",
          remedy: "Choose auto, cpu, cuda or cuda:<number>."))
    }
    found += listViolations(execution)
    let counts: [(String, Int)] = [
      ("processes", execution.processes ?? 1), ("threads", execution.threads ?? 1), ("loaderThreads", execution.loaderThreads),
    ]
    for (key, count) in counts where count < 1 {
      found.append(Violation(path: key, problem: "\(key) is \(count).", remedy: "Use a whole number from 1."))
    }
    if execution.checkpointSeconds < 0 {
      found.append(
        Violation(
          path: "checkpointSeconds", problem: "checkpointSeconds is \(execution.checkpointSeconds).",
          remedy: "Use a whole number from 0, which saves after every step."))
    }
    return found
  }

  /// Of several devices at once.
  private func listViolations(_ execution: ExecutionOptions) -> [Violation] {
    let devices = execution.devices
    guard devices.count > 1 else { return [] }
    var found = [Violation]()
    if devices.contains("auto") {
      found.append(Violation(path: "device", problem: "auto stands among several devices.", remedy: "Name each of them, such as [cuda:0, cuda:1]."))
    }
    let full = devices.map { $0 == "cuda" ? "cuda:0" : $0 }
    if Set(full).count < full.count {
      found.append(
        Violation(
          path: "device", problem: "A device is named twice: \(devices.joined(separator: ", ")).",
          remedy: "Name each once; `processes` says how many runs they share."))
    }
    if let processes = execution.processes, processes >= 1, processes < devices.count {
      found.append(
        Violation(
          path: "processes", problem: "processes is \(processes), and there are \(devices.count) devices: one would stand idle.",
          remedy: "Name fewer devices, or take processes out, which gives each device one."))
    }
    return found
  }

  private func isDevice(_ name: String) -> Bool {
    if ["auto", "cpu", "cuda"].contains(name) { return true }
    guard name.hasPrefix("cuda:") else { return false }
    let digits = name.dropFirst(5)
    return !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) } && Int(digits) != nil
  }
}
