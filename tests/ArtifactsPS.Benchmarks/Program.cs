using System.CommandLine;
using ArtifactsPS.Benchmarks;
using ArtifactsPS.Benchmarks.Parts;

var root = new RootCommand("Measures ArtifactsPS.");
root.Subcommands.Add(CompareCommand.Create());
root.Subcommands.Add(LimitCommand.Create());
root.Subcommands.Add(PartsCommand.Create());
return root.Parse(args).Invoke();
