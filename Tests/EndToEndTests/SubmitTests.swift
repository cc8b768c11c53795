import Foundation
import Testing

@Suite struct SubmitTests {
  @Test("submit --print shows a script with the keys of study and site, packs small cells together, and writes nothing")
  func printed() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(seeds: "3", tasks: [SmallStudy.effusion], settings: "cluster: {time: 08:00:00, gpus: 1, setup: [module load cuda]}"), to: "study.yaml")
    try fixture.write("time: 1-00\npartition: long\nwarning: 300\n", to: "site.yaml")
    let printed = try fixture.run("submit", "study.yaml", "--print", "--site", "site.yaml", "seeds=2")
    #expect(printed.status == 0, "\(printed.errors)")
    for line in [
      "#!/bin/bash", "#SBATCH --array=0-0", "#SBATCH --time=08:00:00", "#SBATCH --partition=long", "#SBATCH --gpus-per-node=1", "#SBATCH --signal=B:USR1@300",
      "#SBATCH --requeue", "#SBATCH --open-mode=append", "module load cuda",
    ] {
      #expect(printed.output.split(separator: "\n").contains(Substring(line)), "\(line)\n\(printed.output)")
    }
    #expect(printed.output.contains(" seeds=2 \"${arguments[@]}\" --quiet &"), "\(printed.output)")
    #expect(printed.errors.contains("small: 2 cells to submit in 1 task of 1 job array."), "\(printed.errors)")
    #expect(try fixture.run("submit", "study.yaml", "--print", "--minutes-per-task", "0").errors.contains("3 cells to submit in 3 tasks of 1 job array."))
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/cluster").path))
    try fixture.write("partition: two words\ntme: 3\n", to: "site.yaml")
    let wrong = try fixture.run("submit", "study.yaml", "--print", "--site", "site.yaml")
    #expect(wrong.status == 1 && wrong.errors.contains("partition is “two words”") && wrong.errors.contains("There is no key “tme”"), "\(wrong.errors)")
  }

  @Test("run --cell runs one cell and what it starts from, and names no cell that the study has not")
  func cell() throws {
    let fixture = try FaultStudy.make(seeds: "[1]")
    let listing = try fixture.run("plan", "study.yaml", "--no-estimate", "--json").output
    let place = String(try #require(listing.firstMatch(of: /findings\/adapted\/seed1-[0-9a-f]{12}/)).0)
    let result = try fixture.run("run", "study.yaml", "--cell", place)
    #expect(result.status == 0 && result.errors.contains("Cells: 2 run now."), "\(result.errors)")
    #expect(try fixture.runs().map { String($0.prefix { $0 != "-" }) } == ["effusion/random/seed1", "findings/adapted/seed1"])
    let wrong = try fixture.run("run", "study.yaml", "--cell", "findings/adapted/seed2-000000000000")
    #expect(wrong.status == 1 && wrong.errors.contains("The study has no cell “findings/adapted/seed2-000000000000”."), "\(wrong.errors)")
  }

  @Test("A pre-training on images without labels is submitted before what starts from it, and is a cell that can be run alone")
  func pretraining() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(
        seeds: "2",
        initializations: [
          "random: random", "chest: {pretrain: moco-v2, images: [effusion], from: random, architecture: resnet20, inputSize: 28, epochs: 1, batchSize: 4}",
        ], tasks: [SmallStudy.effusion]
      ).replacingOccurrences(of: SmallStudy.recipe, with: "recipe: {architecture: resnet20, inputSize: 28, batchSize: 4, epochs: 1, testTimeAugmentation: none}"),
      to: "study.yaml")
    let printed = try fixture.run("submit", "study.yaml", "--print", "--minutes-per-task", "0")
    #expect(printed.status == 0 && printed.errors.contains("small: 5 cells to submit in 5 tasks of 3 job arrays."), "\(printed.errors)")
    // The same where small cells are packed by an estimate, which knows nothing of pre-trainings.
    #expect(try fixture.run("submit", "study.yaml", "--print").errors.contains("small: 5 cells to submit in"))
    let lines = printed.errors.split(separator: "\n").filter { $0.contains("sbatch --parsable") }
    #expect(lines.count == 3 && lines[0].contains("--array=0-0") && !lines[0].contains("--dependency"), "\(lines)")
    #expect(lines.count { $0.contains("--dependency=afterany:JOB1") && $0.contains("--array=0-1") } == 1, "\(lines)")
    let listing = try fixture.run("plan", "study.yaml", "--no-estimate", "--json").output
    let place = String(try #require(listing.firstMatch(of: /pretraining\/chest\/seed1-[0-9a-f]{12}/)).0)
    let result = try fixture.run("run", "study.yaml", "--cell", place)
    #expect(result.status == 0 && result.errors.contains("Cells: 1 run now."), "\(result.errors)")
    #expect(try fixture.runs() == [place])
    let again = try fixture.run("submit", "study.yaml", "--print", "--minutes-per-task", "0")
    #expect(again.errors.contains("4 cells to submit in 4 tasks of 1 job array, 1 finished."), "\(again.errors)")
  }

  @Test("plan --format snakemake prints a Snakefile of the open cells, each after the one that it starts from")
  func snakefile() throws {
    let fixture = try FaultStudy.make(seeds: "[1]")
    let printed = try fixture.run("plan", "study.yaml", "--format", "snakemake", "recipe.epochs=1")
    #expect(printed.status == 0, "\(printed.errors)")
    let source = String(try #require(printed.output.firstMatch(of: /'(effusion\/random\/seed1-[0-9a-f]{12})': \[\],/)).1)
    let child = try #require(printed.output.firstMatch(of: /'findings\/adapted\/seed1-[0-9a-f]{12}': \['([^']*)'\],/))
    #expect(String(child.1) == source)
    #expect(printed.output.contains("COMMAND += ['run', 'study.yaml', 'recipe.epochs=1']") && printed.output.contains("/runs/snakemake'"), "\(printed.output)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs").path))
    let refused = try fixture.run("plan", "study.yaml", "--format", "snakemake", "--json")
    #expect(refused.status != 0 && refused.errors.contains("A Snakefile has no room for --half-width, --json or --measure."), "\(refused.errors)")
  }
}
