/// The device has a name that can be, and the numbers of threads and seconds are positive.
struct ExecutionIsPossible: StudyRule {
  func violations(in study: Study) -> [Violation] {
    let execution = study.execution
    var found = [Violation]()
    if !isDevice(execution.device) {
      found.append(
        Violation(
          path: "device", problem: "There is no device “\(execution.device)”.",
          remedy: "Choose auto, cpu, cuda or cuda:<number>."))
    }
    let counts: [(String, Int)] = [
      ("threads", execution.threads ?? 1), ("loaderThreads", execution.loaderThreads),
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

  private func isDevice(_ name: String) -> Bool {
    if ["auto", "cpu", "cuda"].contains(name) { return true }
    guard name.hasPrefix("cuda:") else { return false }
    let digits = name.dropFirst(5)
    return !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) } && Int(digits) != nil
  }
}
