using System.Management.Automation.Language;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

public sealed class ModuleTests : SessionTests
{
    // Get-Verb is not part of the engine, so the verbs come from its classes.
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
        [
            .. Session
                .Run("Get-Command -Module Artifacts -CommandType Cmdlet")
                .Select(command => (CmdletInfo)command.BaseObject),
        ];

    [Fact]
    public void Module_loads_flavour_under_test() =>
        Assert.All(
            Commands,
            command =>
                Assert.Equal(
                    Path.Combine(Suite.ModuleFolder, "module", "bin", Suite.Flavour, "ArtifactsPS.dll"),
                    command.ImplementingType.Assembly.Location
                )
        );

    [Fact]
    public void Manifest_exports_all_cmdlets_of_assembly()
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
    public void Verbs_are_approved_and_nouns_are_singular() =>
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
    public void Import_reports_no_warning()
    {
        Session.Run("Import-Module $args[0] -Force", Suite.ModuleManifest);

        Assert.Empty(Session.Warnings);
    }

    [Fact]
    public void Reading_cmdlets_have_no_WhatIf() =>
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
    [InlineData("Rename-Artifact")]
    public void Cmdlets_without_default_output_have_PassThru(string name) =>
        Assert.Contains("PassThru", Commands.Single(command => command.Name == name).Parameters.Keys);

    [Fact]
    public void All_but_removing_cmdlets_declare_output_types() =>
        Assert.All(
            Commands.Where(command => command.OutputType.Count == 0),
            command => Assert.Contains(command.Verb, new[] { "Remove", "Unregister", "Unprotect", "Clear", "Assert" })
        );

    [Fact]
    public void Store_parameters_have_completer() =>
        Assert.All(
            Commands.Where(command => command.Parameters.ContainsKey("Store")),
            command => Assert.NotEmpty(command.Parameters["Store"].Attributes.OfType<ArgumentCompleterAttribute>())
        );

    [Fact]
    public void No_parameter_has_type_bool() =>
        Assert.All(
            Commands
                .SelectMany(command => command.Parameters.Values)
                .Where(parameter => !CommonParameters.Contains(parameter.Name)),
            parameter => Assert.NotEqual(typeof(bool), parameter.ParameterType)
        );

    [Fact]
    public void Path_beside_LiteralPath_supports_wildcards() =>
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
