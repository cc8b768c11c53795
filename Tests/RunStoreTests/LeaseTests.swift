import Foundation
import RunStore
import Testing

@Suite struct LeaseTests {
  @Test("A lease has one holder, and another can take it once it is let go")
  func oneHolder() throws {
    let folder = try TemporaryFolder()
    #expect(try !Lease.isHeld(in: folder.url))
    var lease = try Lease.acquire(in: folder.url)
    #expect(lease != nil)
    #expect(try Lease.isHeld(in: folder.url))
    #expect(try Lease.acquire(in: folder.url) == nil)
    lease = nil
    #expect(try !Lease.isHeld(in: folder.url))
    #expect(try Lease.acquire(in: folder.url) != nil)
  }

  @Test("A lease that another process holds is not given, and is free when that process is killed")
  func processes() throws {
    let folder = try TemporaryFolder()
    let other = Process()
    let output = Pipe()
    other.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // `exec` keeps the lock with the one process that is killed below.
    other.arguments = ["bash", "-c", "exec 9>\"$1\"; flock -n 9 || exit 3; echo held; exec sleep 60", "bash", folder.url.appendingPathComponent("lease").path]
    other.standardOutput = output
    try other.run()
    defer { if other.isRunning { kill(other.processIdentifier, SIGKILL) } }
    #expect(String(decoding: output.fileHandleForReading.readData(ofLength: 5), as: UTF8.self) == "held\n")
    #expect(try Lease.isHeld(in: folder.url))
    #expect(try Lease.acquire(in: folder.url) == nil)
    kill(other.processIdentifier, SIGKILL)
    other.waitUntilExit()
    #expect(try !Lease.isHeld(in: folder.url))
    #expect(try Lease.acquire(in: folder.url) != nil)
  }

  @Test("Another process stands back from a lease that is held here")
  func fromOutside() throws {
    let folder = try TemporaryFolder()
    let lease = try #require(try Lease.acquire(in: folder.url))
    func attempt() throws -> Int32 {
      let other = Process()
      other.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      other.arguments = ["flock", "-n", "-E", "7", lease.url.path, "true"]
      try other.run()
      other.waitUntilExit()
      return other.terminationStatus
    }
    #expect(try attempt() == 7)
    withExtendedLifetime(lease) {}
  }

  @Test("Looking whether a lease is held does not make a worker stand back")
  func looking() async throws {
    let folder = try TemporaryFolder(), url = folder.url
    _ = try Lease.acquire(in: url)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for _ in 0..<200 {
          _ = try Lease.isHeld(in: url)
          usleep(1000)
        }
      }
      group.addTask {
        for _ in 0..<500 {
          let lease = try Lease.acquire(in: url)
          #expect(lease != nil)
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("A folder that is not there gives an error, not a lease")
  func missingFolder() throws {
    let folder = try TemporaryFolder(), gone = folder.url.appendingPathComponent("gone")
    #expect(
      failure { _ = try Lease.acquire(in: gone) }
        == "The lease \(gone.path)/lease cannot be taken: No such file or directory. Check that you may write there and that the file system supports flock.")
  }
}
