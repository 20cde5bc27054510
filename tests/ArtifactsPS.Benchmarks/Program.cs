using System.CommandLine;
using ArtifactsPS.Benchmarks;
using ArtifactsPS.Benchmarks.Counts;
using ArtifactsPS.Benchmarks.Parts;
using ArtifactsPS.Benchmarks.Requests;
using ArtifactsPS.Benchmarks.Startup;
using ArtifactsPS.Benchmarks.Writers;

var root = new RootCommand("Measures ArtifactsPS.");
root.Subcommands.Add(CompareCommand.Create());
root.Subcommands.Add(LimitCommand.Create());
root.Subcommands.Add(PartsCommand.Create());
root.Subcommands.Add(WritersCommand.Create());
root.Subcommands.Add(ContributionsCommand.Create());
root.Subcommands.Add(GrowthCommand.Create());
root.Subcommands.Add(StartupCommand.Create());
root.Subcommands.Add(RequestsCommand.Create());
root.Subcommands.Add(CountsCommand.Create());
return root.Parse(args).Invoke();
