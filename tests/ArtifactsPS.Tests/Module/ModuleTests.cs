using System.Management.Automation.Language;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

public sealed class ModuleTests : SessionTests
{
    // `Get-Verb` is not part of the engine; its classes of verbs are.
    private static readonly HashSet<string> ApprovedVerbs =
    [
        .. new[]
        {
            typeof(VerbsCommon),
            typeof(VerbsCommunications),
            typeof(VerbsData),
            typeof(VerbsDiagnostic),
            typeof(VerbsLifecycle),
            typeof(VerbsOther),
            typeof(VerbsSecurity),
        }
            .SelectMany(verbs => verbs.GetFields())
            .Select(field => (string)field.GetRawConstantValue()!),
    ];

    private static readonly HashSet<string> CommonParameters =
    [
        .. Cmdlet.CommonParameters,
        .. Cmdlet.OptionalCommonParameters,
    ];

    private CmdletInfo[] Commands =>
        [.. Session.Run("Get-Command -Module Artifacts").Select(command => (CmdletInfo)command.BaseObject)];

    [Fact]
    public void The_flavour_under_test_is_the_one_that_is_loaded() =>
        Assert.All(
            Commands,
            command =>
                Assert.Equal(
                    Path.Combine(Suite.ModuleFolder, "module", "bin", Suite.Flavour, "ArtifactsPS.dll"),
                    command.ImplementingType.Assembly.Location
                )
        );

    [Fact]
    public void The_manifest_exports_what_the_assembly_has()
    {
        var inAssembly = Commands[0]
            .ImplementingType.Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Cmdlet)))
            .SelectMany(type => type.GetCustomAttributes(typeof(CmdletAttribute), inherit: false))
            .Cast<CmdletAttribute>()
            .Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(inAssembly, Commands.Select(command => command.Name).Order(StringComparer.Ordinal));
        Assert.Equal(inAssembly, ExportedCmdlets().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Verbs_are_approved_and_nouns_begin_with_Artifact() =>
        Assert.All(
            Commands,
            command =>
            {
                Assert.Contains(command.Verb, ApprovedVerbs);
                Assert.Contains("Artifact", command.Noun, StringComparison.Ordinal);
                Assert.True(
                    !command.Noun.EndsWith('s') || command.Noun.EndsWith("Alias", StringComparison.Ordinal),
                    $"{command.Noun} is not singular."
                );
            }
        );

    [Fact]
    public void Importing_writes_no_warning()
    {
        Session.Run("Import-Module $args[0] -Force", Suite.ModuleManifest);

        Assert.Empty(Session.Warnings);
    }

    [Theory]
    [InlineData("New-ArtifactStore")]
    [InlineData("Register-ArtifactStore")]
    [InlineData("Unregister-ArtifactStore")]
    [InlineData("Repair-ArtifactStore")]
    [InlineData("Optimize-ArtifactStore")]
    [InlineData("Clear-ArtifactCache")]
    [InlineData("Add-ArtifactFile")]
    [InlineData("Add-ArtifactDirectory")]
    [InlineData("Add-ArtifactReference")]
    [InlineData("Add-ArtifactObject")]
    [InlineData("Remove-ArtifactEntry")]
    [InlineData("Publish-Artifact")]
    [InlineData("Save-Artifact")]
    [InlineData("Set-Artifact")]
    [InlineData("Set-ArtifactAlias")]
    [InlineData("Remove-ArtifactAlias")]
    [InlineData("Remove-Artifact")]
    [InlineData("Copy-Artifact")]
    [InlineData("Export-Artifact")]
    [InlineData("Import-Artifact")]
    public void What_writes_has_WhatIf_and_Confirm(string name)
    {
        var command = Commands.Single(command => command.Name == name);

        Assert.Contains("WhatIf", command.Parameters.Keys);
        Assert.Contains("Confirm", command.Parameters.Keys);
    }

    [Fact]
    public void What_only_reads_has_no_WhatIf() =>
        Assert.All(
            Commands.Where(command => command.Verb is "Get" or "Test" or "Compare"),
            command => Assert.DoesNotContain("WhatIf", command.Parameters.Keys)
        );

    [Theory]
    [InlineData("Add-ArtifactFile")]
    [InlineData("Add-ArtifactDirectory")]
    [InlineData("Add-ArtifactReference")]
    [InlineData("Add-ArtifactObject")]
    [InlineData("Remove-ArtifactEntry")]
    [InlineData("Save-Artifact")]
    [InlineData("Set-Artifact")]
    [InlineData("Set-ArtifactAlias")]
    [InlineData("Remove-ArtifactAlias")]
    public void PassThru_is_there_where_output_is_not_the_rule(string name) =>
        Assert.Contains("PassThru", Commands.Single(command => command.Name == name).Parameters.Keys);

    [Fact]
    public void Output_types_are_said_by_all_but_those_that_take_away() =>
        Assert.All(
            Commands.Where(command => command.OutputType.Count == 0),
            command => Assert.Contains(command.Verb, new[] { "Remove", "Unregister", "Clear" })
        );

    [Fact]
    public void Stores_are_completed_wherever_one_can_be_named() =>
        Assert.All(
            Commands.Where(command => command.Parameters.ContainsKey("Store")),
            command => Assert.NotEmpty(command.Parameters["Store"].Attributes.OfType<ArgumentCompleterAttribute>())
        );

    [Fact]
    public void Switches_and_texts_have_the_types_that_users_expect() =>
        Assert.All(
            Commands
                .SelectMany(command => command.Parameters.Values)
                .Where(parameter => !CommonParameters.Contains(parameter.Name)),
            parameter => Assert.NotEqual(typeof(bool), parameter.ParameterType)
        );

    [Fact]
    public void Path_takes_wildcards_and_LiteralPath_goes_with_it() =>
        Assert.All(
            Commands.Where(command => command.Parameters.ContainsKey("LiteralPath")),
            command =>
                Assert.True(
                    command.Parameters["Path"].Attributes.OfType<SupportsWildcardsAttribute>().Any(),
                    command.Name
                )
        );

    private static IEnumerable<string> ExportedCmdlets()
    {
        var manifest = Parser.ParseFile(Suite.ModuleManifest, out _, out var errors);
        Assert.Empty(errors);
        var table = (HashtableAst)manifest.Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false);
        var pair = table.KeyValuePairs.Single(pair => pair.Item1.Extent.Text == "CmdletsToExport");
        return pair
            .Item2.FindAll(ast => ast is StringConstantExpressionAst, searchNestedScriptBlocks: false)
            .Select(ast => ((StringConstantExpressionAst)ast).Value);
    }
}
