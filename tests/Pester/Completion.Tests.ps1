BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    $null = New-TestVersion images @{
        'train/1.png' = '1'; 'train/2.png' = '2'; 'labels.csv' = 'l'; 'with space.txt' = 's'; 'odd [1].txt' = 'o'
    } @{ Alias = 'prod', 'two words'; Tag = "it's", 'checked' }
    $null = New-TestVersion images @{ 'newer' = 'n' }
    $null = New-Artifact Imprints model | Publish-Artifact -AllowEmpty -Tag nightly
    $null = New-Artifact -- -dash 1.0 | Publish-Artifact -AllowEmpty

    foreach ($id in 'job-1', 'job-2') {
        New-Artifact joint dataset | Set-DistributedArtifact -DistributedId $id -AllowEmpty
    }
    $null = New-Artifact -- original dataset | Publish-Artifact -AllowEmpty -Alias prod
    Set-Artifact original -AddArtifactTag first, second
    Set-Artifact images -AddArtifactTag third
    Rename-Artifact original renamed

    function Get-CompletionResult([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches | Where-Object ResultType -EQ ParameterValue
    }

    # Returns the values that complete a line.
    function Get-Completion([string] $Line) { (Get-CompletionResult $Line).CompletionText }
}
AfterAll { Restore-Environment }

Describe 'Completion' {
    It 'completes <Line>' -TestCases @(
        @{ Line = 'Get-Artifact im'; Found = 'images', 'Imprints' }
        @{ Line = 'Save-Artifact IMA'; Found = 'images' }
        @{ Line = 'Get-Artifact -Name images:'; Found = 'images:latest', 'images:prod', "'images:two words'", 'images:v1', 'images:v0' }
        @{ Line = 'Get-Artifact images:p'; Found = 'images:prod' }
        @{ Line = 'Remove-ArtifactAlias images -Alias '; Found = 'prod', "'two words'" }
        @{ Line = 'Get-Artifact -Type '; Found = "'1.0'", 'dataset', 'model' }
        @{ Line = 'New-Artifact new -Type d'; Found = 'dataset' }
        @{ Line = 'Get-ArtifactEntry images:v0 -Path t'; Found = 'train/' }
        @{ Line = 'Get-ArtifactEntry images:v0 -Path train/'; Found = 'train/1.png', 'train/2.png' }
        @{ Line = 'Get-ArtifactContent images:prod l'; Found = 'labels.csv' }
        @{ Line = 'Get-ArtifactContent images:prod w'; Found = "'with space.txt'" }
        @{ Line = 'Get-ArtifactContent images:prod o'; Found = "'odd ``[1``].txt'" }
        @{ Line = 'Get-ArtifactContent images:prod -LiteralPath o'; Found = "'odd [1].txt'" }
        @{ Line = 'Get-ArtifactEntry images:v0 -Path train/2'; Found = 'train/2.png' }
        @{ Line = 'Get-Artifact -Name '; Found = "'-dash'", 'images', 'Imprints', 'renamed' }
        @{ Line = 'Get-Artifact -Type 1'; Found = "'1.0'" }
        @{ Line = 'Get-Artifact -Tag '; Found = 'checked', "'it''s'", 'nightly' }
        @{ Line = 'Get-DistributedArtifact joint '; Found = 'job-1', 'job-2' }
        @{ Line = 'Remove-DistributedArtifact joint -DistributedId job-2'; Found = 'job-2' }
        @{ Line = 'Get-Artifact i* -Tag n'; Found = 'nightly' }
        @{ Line = "Get-Artifact -Tag 'it'"; Found = "'it''s'" }
        @{ Line = 'Set-Artifact Imprints -AddTag c'; Found = 'checked' }
        @{ Line = 'Set-Artifact Imprints -RemoveTag '; Found = 'nightly' }
        @{ Line = 'Publish-Artifact -Alias '; Found = 'prod', "'two words'" }
        @{ Line = 'Rename-Artifact r'; Found = 'renamed' }
        @{ Line = 'Get-Artifact original:p'; Found = 'original:prod' }
        @{ Line = 'Set-ArtifactAlias original '; Found = 'prod' }
        @{ Line = 'Remove-ArtifactAlias original -Alias '; Found = 'prod' }
        @{ Line = 'Get-Artifact -ArtifactTag '; Found = 'first', 'second', 'third' }
        @{ Line = 'Set-Artifact original -RemoveArtifactTag '; Found = 'first', 'second' }
        @{ Line = 'Compare-Artifact images:v'; Found = 'images:v1', 'images:v0' }
    ) {
        Get-Completion $Line | Should -BeExactly $Found
    }

    It 'returns paths that commands accept' {
        $path = Get-Completion 'Get-ArtifactContent images:prod o'

        Invoke-Expression "Get-ArtifactContent images:prod $path" | Should -Be o
    }

    It 'returns nothing for <Line>' -TestCases @(
        @{ Line = 'Get-Artifact -Name nothing:' }
        @{ Line = 'Get-ArtifactEntry nosuch -Path a' }
        @{ Line = "Get-Artifact 'a/b:" }
        @{ Line = 'Get-ArtifactEntry $undefined -Path a' }
    ) {
        Get-Completion $Line | Should -BeNullOrEmpty
    }

    It "describes the options of a location of scheme '<Scheme>'" -TestCases @(
        @{ Scheme = 's3'; Options = 'endpoint', 'region', 'pathStyle', 'profile', 'partSize', 'retrySeconds'; Last = 'in seconds (0 to 86400)' }
        @{ Scheme = 'az'; Options = 'endpoint', 'apiVersion', 'partSize', 'retrySeconds'; Last = 'in seconds (0 to 86400)' }
    ) {
        $found = Get-CompletionResult "New-ArtifactStore ${Scheme}://models -Option "

        $found.ListItemText | Should -BeExactly $Options
        $found[-1].ToolTip | Should -BeLike "*$Last"
        (Get-Completion "Register-ArtifactStore lab ${Scheme}://models -Option partS") |
            Should -BeLike '@{ partSize = ? }'
    }

    It 'completes ids and names of runs' {
        $run = Start-ArtifactRun -Name sweep
        $null = Stop-ArtifactRun
        Get-Completion 'Stop-ArtifactRun ' | Should -Be "'$($run.Id)'".Replace("'", $(if ($run.Id -match '^\d') { "'" }))
        Get-Completion 'Get-ArtifactRun sw' | Should -Be sweep
    }

    It 'completes registered stores and folders' {
        $null = Register-ArtifactStore folders $env:ARTIFACTS_STORE
        $null = New-Item $TestDrive/here/folder -ItemType Directory
        Set-Content $TestDrive/here/file.txt 1
        Push-Location $TestDrive/here
        try { $found = (TabExpansion2 'Get-Artifact -Store f' 21).CompletionMatches.CompletionText }
        finally { Pop-Location }
        $found | Should -Be 'folders', "./folder".Replace('/', [IO.Path]::DirectorySeparatorChar)
    }

    It 'offers no options for a folder' {
        Get-CompletionResult "New-ArtifactStore ./folder -Option " | Should -BeNullOrEmpty
    }

    It 'returns nothing for a missing store without creating it' {
        Get-Completion "Get-Artifact -Store '$TestDrive/nowhere' im" | Should -BeNullOrEmpty

        "$TestDrive/nowhere" | Should -Not -Exist
    }

    It 'uses the store on the line before that of $PSDefaultParameterValues' {
        $other, $third = 'other', 'third' | ForEach-Object { (New-ArtifactStore "$TestDrive/$_ [1]").Location }
        $null = New-Artifact impressive dataset -Store $other | Publish-Artifact -AllowEmpty
        $global:PSDefaultParameterValues['*:Store'] = $other
        try {
            Get-Completion 'Get-Artifact im' | Should -Be impressive
            Get-Completion "Get-Artifact -Store '$third' im" | Should -BeNullOrEmpty
        }
        finally { $global:PSDefaultParameterValues.Remove('*:Store') }
    }

    It 'shows all folders, or says that there are more' {
        $folder = Join-Path $TestDrive many
        foreach ($i in 1..1001) {
            $null = [IO.Directory]::CreateDirectory("$folder/d$i")
            [IO.File]::WriteAllText("$folder/d$i/x", '')
        }
        $version = New-Artifact many dataset | Add-ArtifactDirectory $folder | Publish-Artifact
        $all = (TabExpansion2 'Get-ArtifactEntry many d' 24).CompletionMatches
        $some = (TabExpansion2 'Get-ArtifactEntry many d1' 25).CompletionMatches

        $all | Should -HaveCount 1001
        $all[-1].ListItemText | Should -Be '…'
        $all[-1].CompletionText | Should -Be d
        $some | Should -HaveCount 113
        $some.ListItemText | Should -Not -Contain '…'
    }
}
