import ArgumentParser

/// `medtransfer tasks …`
struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", abstract: "Looks at the data of tasks.", subcommands: [TasksAuditCommand.self, TasksSplitCommand.self])
}
