using ArtifactsPS.HelpWriter;

if (args is not [var assembly, var documentation, var output])
{
    Console.Error.WriteLine("Usage: ArtifactsPS.HelpWriter <cmdlet assembly> <its XML documentation> <help file>");
    return 64; // EX_USAGE of sysexits.h
}

using var cmdlets = CmdletAssembly.Import(assembly);
var composer = new HelpComposer(DocumentationFile.Load(documentation), cmdlets.Cmdlets);
var help = composer.Compose();
foreach (var fault in composer.Faults)
{
    // In the form that MSBuild takes for an error of the build.
    Console.Error.WriteLine($"HelpWriter : error HELP001: {fault}");
}

if (composer.Faults.Count > 0)
{
    return 1;
}

MamlFile.Write(output, help);
return 0;
