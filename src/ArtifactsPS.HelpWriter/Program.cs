using ArtifactsPS.HelpWriter;

if (args is not [var assembly, var folder, var online, var output, .. var rest] || rest is not ([] or ["--update"]))
{
    Console.Error.WriteLine(
        "Usage: ArtifactsPS.HelpWriter <cmdlet assembly> <folder of pages> <its address on the web> <help file> [--update]"
    );
    return 64; // EX_USAGE of sysexits.h
}

using var assemblyCmdlets = CmdletAssembly.Import(assembly);
var cmdlets = assemblyCmdlets.Cmdlets.Select(cmdlet => new CmdletFacts(cmdlet)).ToList();
var composer = new HelpComposer(folder, online);
if (rest.Length > 0)
{
    composer.Update(cmdlets);
}

var help = composer.Compose(cmdlets);
foreach (var fault in composer.Faults)
{
    // In the form that MSBuild takes for an error of the build.
    Console.WriteLine($"{fault.Path}({fault.Line}): error HELP001: {Path.GetFileName(fault.Path)} {fault.Message}");
}

if (composer.Faults.Count > 0)
{
    return 1;
}

MamlFile.Write(output, help);
return 0;
