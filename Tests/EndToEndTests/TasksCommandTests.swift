import Foundation
import Foundations
import PublishedCopies
import Testing

@Suite("Built-in tasks, through the command")
struct TasksCommandTests {
  private func chest(_ plant: (StudyFixture) throws -> Void = { _ in }) throws -> StudyFixture {
    let fixture = try StudyFixture()
    // Smaller than published: these tests are not of sizes.
    try TaskCopies.chestXray14(in: fixture.url("copy"), side: 48)
    try plant(fixture)
    return fixture
  }

  private func check(_ fixture: StudyFixture, _ more: String...) throws -> Command.Result {
    try Command.run(["tasks", "check", "DXC14", "--root", "copy"] + more, in: fixture.folder)
  }

  @Test("A copy without faults can be run, and what is not as published is told")
  func whole() throws {
    let result = try check(try chest(), "--decode")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(!result.output.contains("Must be corrected"))
    #expect(result.output.contains("images_001/images … images_012/images (twelve folders)"))
    #expect(result.output.contains("Data_Entry_2017_v2020.csv has 48 rows, and the published copy has 112120 (2020)."))
    #expect(result.output.contains("48 of 48 images are not 1024 × 1024 pixels, such as"))
    #expect(result.output.contains("48 files were decoded."))
  }

  @Test("A missing image is named, with what to do")
  func missingImage() throws {
    let result = try check(try chest { try FileManager.default.removeItem(at: $0.url("copy/images_002/images/00000012_001.png")) })
    #expect(result.status == 1)
    #expect(result.output.contains("1 of 48 images is not in ") && result.output.contains(": 00000012_001.png. Complete the copy as `medtransfer tasks show DXC14` says, "))
    #expect(result.output.contains("or set rows: present under data.manifest to use only what is there."))
  }

  @Test("An extra file is named, and the copy can still be run")
  func extraFile() throws {
    let result = try check(try chest { try $0.write("x", to: "copy/images_003/images/notes.png") })
    #expect(result.status == 0)
    #expect(
      result.output.contains(
        "1 file of images_003/images is no image of the task: notes.png. Remove it, or check that tables and images are of one version."))
  }

  @Test("A wrong column is told with the nearest")
  func wrongColumn() throws {
    let result = try check(
      try chest {
        try $0.write(try $0.text("copy/Data_Entry_2017_v2020.csv").replacingOccurrences(of: "Finding Labels", with: "Finding Label"), to: "copy/Data_Entry_2017_v2020.csv")
      })
    #expect(result.status == 1)
    #expect(result.output.contains("The table Data_Entry_2017_v2020.csv has no column “Finding Labels”. Did you mean “Finding Label”?"))
  }

  @Test("A truncated PNG is found by its last bytes, and by decoding", arguments: [false, true])
  func truncated(_ isDecoding: Bool) throws {
    let fixture = try chest {
      let file = $0.url("copy/images_001/images/00000010_000.png"), bytes = try Data(contentsOf: file)
      try bytes.prefix(bytes.count / 2).write(to: file)
    }
    let result = isDecoding ? try check(fixture, "--decode") : try check(fixture)
    #expect(result.status == 1)
    #expect(result.output.contains("1 of 48 images cannot be read: 00000010_000.png. The first: "))
    #expect(result.output.contains("Download these files again; a run bears 1 % of broken images."))
  }

  @Test("A list of a wrong count and an image in no list are told")
  func wrongCount() throws {
    let result = try check(
      try chest { try $0.write((36..<47).map(TaskCopies.chestName).joined(separator: "\n"), to: "copy/test_list.txt") })
    #expect(result.status == 1)
    #expect(result.output.contains("test_list.txt has 11 lines, and the published copy has 25596."))
    #expect(result.output.contains("1 of 48 images is in none of train_val_list.txt and test_list.txt: 00000033_001.png."))
  }

  @Test("A patient in two parts is named, beside whatever else is wrong")
  func overlap() throws {
    let result = try check(
      try chest {
        try $0.write((0..<37).map(TaskCopies.chestName).joined(separator: "\n"), to: "copy/train_val_list.txt")
        try $0.write((37..<48).map(TaskCopies.chestName).joined(separator: "\n"), to: "copy/test_list.txt")
        try $0.write("x", to: "copy/images_003/images/notes.txt")
      })
    #expect(result.status == 1)
    #expect(result.output.contains("1 patient has images both in the training part and in the test part: 00000028."))
    #expect(result.output.contains("notes.txt"))
  }

  @Test("Two versions of the table are told apart")
  func versions() throws {
    let result = try check(try chest { try $0.write(try $0.text("copy/Data_Entry_2017_v2020.csv"), to: "copy/Data_Entry_2017.csv") })
    #expect(result.status == 0)
    #expect(
      result.output.contains(
        "The table of labels and patients is there twice: Data_Entry_2017.csv (2017) and Data_Entry_2017_v2020.csv (2020); Data_Entry_2017.csv is read."))
  }

  @Test("What is not there at all is said with where to get it, also in JSON")
  func empty() throws {
    let fixture = try StudyFixture()
    try fixture.write("", to: "copy/.keep")
    let result = try check(fixture, "--json")
    #expect(result.status == 1)
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let findings = try #require(object?["findings"] as? [[String: Any]])
    #expect(findings.contains { ($0["problem"] as? String)?.hasPrefix("The table of labels and patients is not there: there is no Data_Entry_2017.csv") ?? false })
    #expect(findings.contains { ($0["remedy"] as? String)?.contains("https://nihcc.app.box.com/v/ChestXray-NIHCC") ?? false })
    let nowhere = try fixture.run("tasks", "check", "TXC", "--root", "nowhere")
    #expect(nowhere.status == 1 && nowhere.output.contains("There is no folder at "))
  }

  @Test("Copies of the other tasks are found good, and a name that no task has is told with the nearest")
  func others() throws {
    let fixture = try StudyFixture()
    try TaskCopies.cheXpert(in: fixture.url("chexpert"))
    try TaskCopies.shenzhen(in: fixture.url("shenzhen"))
    for (task, root) in [("DXC5", "chexpert"), ("txc", "shenzhen")] {
      let result = try fixture.run("tasks", "check", task, "--root", root, "--decode")
      #expect(result.status == 0, "\(result.output)")
    }
    let wrong = try fixture.run("tasks", "show", "DXC4")
    #expect(wrong.status == 1 && wrong.errors.contains("There is no built-in task “DXC4”."))
  }

  @Test("The list and the page of a task say what a user needs")
  func pages() throws {
    let fixture = try StudyFixture()
    let list = try fixture.run("tasks")
    #expect(["DXC14", "DXC5", "TXC"].allSatisfy(list.output.contains))
    let busi = try #require(list.output.split(separator: "\n").first { $0.hasPrefix("BUSI ") })
    #expect(busi.contains(" 780  drawn by rule "))
    let lungs = try fixture.run("tasks", "show", "LXS").output
    #expect(lungs.contains("Drawn         20 % of all images for the test, 15 % of the others for validation, by a fixed rule\n"), "\(lungs)")
    #expect(lungs.contains("Not verified  The bits a sample of the files"))
    let page = try fixture.run("tasks", "show", "dxc5").output
    #expect(page.contains("5 of them: Atelectasis, Cardiomegaly, Consolidation, Edema, Pleural Effusion"))
    #expect(page.contains("the standard, but labelPolicy: lsrOnes"))
    #expect(page.contains("DXC5: {builtIn: DXC5, root: /path/to/the/copy}"))
    #expect(page.contains("https://doi.org/10.1609/aaai.v33i01.3301590"))
  }

  @Test("A study of built-in tasks runs from their copies as they are; 14 classes are trained and 5 scored, in every policy")
  func study() throws {
    let fixture = try chest()
    try TaskCopies.cheXpert(in: fixture.url("chexpert"))
    try fixture.write(
      """
      device: cpu
      threads: 1
      initializations: {random: random}
      recipe: {architecture: resnet18, inputSize: 32, batchSize: 16, epochs: 1, testTimeAugmentation: none}
      tasks:
        DXC14: {builtIn: DXC14, root: copy}
        smooth: {builtIn: DXC5, root: chexpert}
        masked: {builtIn: DXC5, root: chexpert, recipe: {labelPolicy: ignore}}
        states: {builtIn: DXC5, root: chexpert, recipe: {labelPolicy: multiClass}}
      """, to: "study.yaml")
    let result = try fixture.run("run", "study.yaml")
    #expect(result.status == 0, "\(result.errors)")
    let runs = try fixture.runs()
    #expect(runs.count == 4)
    let header = try fixture.text("runs/\(runs.first { $0.hasPrefix("DXC14/") } ?? "")/predictions.csv").prefix { $0 != "\n" }
    #expect(header.hasPrefix("id,patient,target:Atelectasis,target:Cardiomegaly,target:Effusion,"))
    for task in ["smooth", "masked", "states"] {
      let run = try #require(runs.first { $0.hasPrefix(task) })
      let lines = try fixture.text("runs/\(run)/predictions.csv").split(separator: "\n")
      let columns = lines[0].split(separator: ",")
      #expect(lines.count == 7 && columns.count == 2 + 28)
      #expect(columns[2...6] == ["target:Atelectasis", "target:Cardiomegaly", "target:Consolidation", "target:Edema", "target:Pleural Effusion"])
      let metrics = try fixture.text("runs/\(run)/metrics.json")
      #expect(metrics.contains("Pleural Effusion") && !metrics.contains("Fracture"))
    }
  }
}
