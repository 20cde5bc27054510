using System.Management.Automation;
using System.Text;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

/// <summary>Reading objects from an untrusted file creates data only, runs no code and terminates.</summary>
public sealed class HostileContentTests : SessionTests
{
    private const string Open = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">";
    private const string Touch = "[IO.File]::WriteAllText($env:HOSTILE_MARK, 'run')";

    private string Mark => Path.Combine(Session.Folder, "mark");

    [Fact]
    public void CliXml_type_names_create_no_instances()
    {
        var item = Read(
            "<Obj RefId=\"0\"><TN RefId=\"0\"><T>System.IO.FileInfo</T><T>System.Diagnostics.Process</T><T>System.Object</T></TN>"
                + "<ToString>/etc/passwd</ToString><Props><S N=\"FullName\">/etc/passwd</S></Props>"
                + "<MS><S N=\"Kill\">no</S></MS></Obj>"
        );

        Assert.IsType<PSCustomObject>(item.BaseObject);
        Assert.Equal("Deserialized.System.IO.FileInfo", item.TypeNames[0]);
        Assert.DoesNotContain(item.Members, member => member is PSScriptMethod or PSScriptProperty);
        Assert.Equal("/etc/passwd", item.Text("FullName"));
    }

    [Fact]
    public void Script_in_CliXml_stays_text()
    {
        var item = Read(
            $"<Obj RefId=\"0\"><TN RefId=\"0\"><T>Custom</T></TN><ToString>$({Touch})</ToString>"
                + $"<Props><SBK N=\"Block\">{Touch}</SBK><S N=\"Text\">$({Touch})</S></Props>"
                + $"<MS><SBK N=\"Script\">{Touch}</SBK></MS></Obj>"
        );

        Assert.IsType<string>(PSObject.AsPSObject(item.Properties["Block"].Value).BaseObject);
        Assert.IsType<string>(PSObject.AsPSObject(item.Properties["Script"].Value).BaseObject);
        Session.Run(
            "$args[0].psobject.Properties | ForEach-Object { \"$($_.Name) $($_.Value)\" }; \"$($args[0])\"",
            item
        );
        Assert.False(File.Exists(Mark));
    }

    [Fact]
    public void Rehydratable_types_in_CliXml_stay_data()
    {
        // Types that the engine rehydrates to live objects when they arrive from a remote session.
        foreach (
            var type in new[]
            {
                "System.Management.Automation.ScriptBlock",
                "System.Management.Automation.PSCredential",
                "System.Management.Automation.ErrorRecord",
                "System.Windows.Markup.XamlReader",
                "System.Security.Cryptography.X509Certificates.X509Certificate2",
                "Microsoft.Management.Infrastructure.CimInstance",
            }
        )
        {
            Publish(
                $"<Obj RefId=\"0\"><TN RefId=\"0\"><T>Deserialized.{type}</T></TN><Props><S N=\"A\">{Touch}</S></Props></Obj>"
            );
            foreach (var item in Session.Try("Get-ArtifactContent hostile data.clixml -As Object"))
                Assert.False(item.BaseObject is ScriptBlock, $"{type} became {item.BaseObject.GetType()}");
            Assert.False(File.Exists(Mark));
        }
    }

    [Fact]
    public void Deeply_nested_CliXml_is_rejected()
    {
        const int Depth = 20_000;
        var text = new StringBuilder();
        for (var i = 0; i < Depth; i++)
            text.Append("<Obj RefId=\"").Append(i).Append("\"><LST>");
        text.Insert(text.Length, "</LST></Obj>", Depth);
        Publish(text.ToString());
        AssertUnreadable();
    }

    [Fact]
    public void Entities_in_CliXml_are_rejected()
    {
        var entities = string.Concat(
            Enumerable
                .Range(1, 9)
                .Select(i => $"<!ENTITY e{i} \"{string.Concat(Enumerable.Repeat($"&e{i - 1};", 10))}\">")
        );
        Write($"<!DOCTYPE Objs [<!ENTITY e0 \"0123456789\">{entities}]>{Open}<S>&e9;</S></Objs>");
        AssertUnreadable();
        Write($"<!DOCTYPE Objs [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{Open}<S>&x;</S></Objs>");
        AssertUnreadable();
    }

    [Theory]
    [InlineData("{\"\":1}")]
    [InlineData("{\"a\":1,\"A\":2}")]
    [InlineData("[")]
    [InlineData("{\"pstypenames\":[\"System.IO.FileInfo\"]}")]
    [InlineData("{\"PSObject\":1}")]
    [InlineData("{\"a\":1e99999999999}")]
    public void Unrepresentable_JSON_reports_file(string json)
    {
        Session.PublishTexts("hostile", ("data.json", json));
        if (Session.Try("Get-ArtifactContent hostile data.json -As Object").Count == 0)
            Session.Errors[0].AssertIs("ObjectsUnreadable", ErrorCategory.InvalidData, "data.json", "data.json");
    }

    [Fact]
    public void Special_names_in_JSON_are_plain_properties()
    {
        const string Json =
            "{\"$type\":\"System.IO.FileInfo, System.Private.CoreLib\",\"__proto__\":{\"a\":1},\"GetType\":1}";
        Session.PublishTexts(
            "hostile",
            ("data.json", Json),
            ("deep.json", new string('[', 5000) + new string(']', 5000))
        );

        var item = Session.One("Get-ArtifactContent hostile data.json -As Object");
        Assert.Equal("System.IO.FileInfo, System.Private.CoreLib", item.Text("$type"));
        Assert.IsType<PSCustomObject>(item.BaseObject);
        Session
            .Fail("Get-ArtifactContent hostile deep.json -As Object")
            .AssertIs("ObjectsUnreadable", ErrorCategory.InvalidData, "deep.json", "deep.json");
    }

    private PSObject Read(string content)
    {
        Publish(content);
        return Session.One("Get-ArtifactContent hostile data.clixml -As Object");
    }

    private void Publish(string content) => Write(Open + content + "</Objs>");

    private void Write(string text)
    {
        Session.Run("$env:HOSTILE_MARK = $args[0]", Mark);
        Session.PublishTexts("hostile", ("data.clixml", text));
    }

    private void AssertUnreadable() =>
        Session
            .Fail("Get-ArtifactContent hostile data.clixml -As Object")
            .AssertIs("ObjectsUnreadable", ErrorCategory.InvalidData, "data.clixml", "data.clixml");
}
