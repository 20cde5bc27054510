BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Drafts to which something could not be added' {
    BeforeEach {
        $name = 'draft-' + [IO.Path]::GetRandomFileName()
        $folder = Join-Path $TestDrive $name
        $null = New-TestFile "$name/a.txt" 'a'
        Push-Location $TestDrive
    }

    AfterEach { Pop-Location }

    It 'are not published from a pipeline' {
        $null = New-TestVersion $name @{ 'old.txt' = 'old' } @{ Alias = 'prod' }
        $problems = & {
            $ErrorActionPreference = 'Continue'
            New-Artifact $name dataset | Add-ArtifactDirectory ./typo | Publish-Artifact -Alias prod
            $? | Should -BeFalse
        } 2>&1

        $problems.FullyQualifiedErrorId | Should -Be 'FileNotFound,ArtifactsPS.Commands.Drafts.AddArtifactDirectoryCommand',
            'ArtifactIncomplete,ArtifactsPS.Commands.Drafts.PublishArtifactCommand'
        $problems[1].Exception.Message.Contains("'./typo'") | Should -BeTrue
        (Get-Artifact $name -AllVersions).Reference | Should -Be "${name}:v0"
        (Get-Artifact "${name}:prod").Version | Should -Be v0
    }

    It 'make pwsh -Command exit with 1' {
        $null = Invoke-InProcess {
            param($Manifest, $Store, $Name)
            Import-Module $Manifest
            New-Artifact $Name dataset -Store $Store | Add-ArtifactDirectory ./typo | Publish-Artifact
        } $manifestPath, $env:ARTIFACTS_STORE, $name 2>&1

        $LASTEXITCODE | Should -Be 1
    }

    It 'list each failure with its reason' {
        $draft = New-Artifact $name dataset | Add-ArtifactDirectory $folder
        $draft.Failures | Should -BeNullOrEmpty
        Add-ArtifactFile ./none.txt -Artifact $draft -ErrorAction SilentlyContinue
        Add-ArtifactReference ./no-reference -Artifact $draft -ErrorAction SilentlyContinue
        1 | Add-ArtifactObject -Name 'x/../y.json' -Artifact $draft -ErrorAction SilentlyContinue

        Assert-Error { Publish-Artifact $draft } ArtifactIncomplete InvalidOperation $draft './none.txt', './no-reference',
            'x/../y.json', '-AllowIncomplete'
        @($draft.Failures).Count | Should -Be 3
        Assert-Error { Set-DistributedArtifact $draft -DistributedId $name } ArtifactIncomplete InvalidOperation $draft
        Assert-Error { $draft | Complete-DistributedArtifact -DistributedId $name } ArtifactIncomplete InvalidOperation $draft
        (Publish-Artifact $draft -AllowIncomplete).FileCount | Should -Be 1
    }

    It 'are contributed with -AllowIncomplete' {
        $first, $second = 1..2 | ForEach-Object {
            $draft = New-Artifact $name dataset | Add-ArtifactDirectory $folder
            Add-ArtifactFile ./none.txt -Artifact $draft -ErrorAction SilentlyContinue
            $draft
        }

        (Set-DistributedArtifact $first -DistributedId $name -AllowIncomplete).Number | Should -Be 1
        $second | Complete-DistributedArtifact -DistributedId $name -AllowIncomplete | ForEach-Object FileCount |
            Should -Be 1
    }

    It 'can be published once the same additions succeed' {
        $draft = New-Artifact $name dataset
        Add-ArtifactFile "./$name-late.txt" -Artifact $draft -ErrorAction SilentlyContinue
        Add-ArtifactDirectory "./$name-late" -Artifact $draft -ErrorAction SilentlyContinue
        Add-ArtifactReference "./$name-late.txt" -Artifact $draft -Name late.ref -ErrorAction SilentlyContinue
        $null = New-TestFile "$name-late.txt"
        $null = New-TestFile "$name-late/b.txt"

        Add-ArtifactFile (Join-Path $TestDrive "$name-late.txt") -Artifact $draft -WhatIf
        @($draft.Failures).Count | Should -Be 3
        Add-ArtifactFile (Join-Path $TestDrive "$name-late.txt") -Artifact $draft
        Add-ArtifactDirectory "$name-late/" -Artifact $draft
        @($draft.Failures).Count | Should -Be 1
        Add-ArtifactReference "./$name-late.txt" -Artifact $draft -Name late.ref
        $draft.Failures | Should -BeNullOrEmpty
        (Publish-Artifact $draft).FileCount | Should -Be 3
    }

    It 'remember a conflict until -Force' {
        $draft = New-Artifact $name dataset | Add-ArtifactDirectory $folder
        $other = New-TestFile "other/a.txt" 'other'
        Add-ArtifactFile $other -Artifact $draft -ErrorAction SilentlyContinue
        Assert-Error { Publish-Artifact $draft } ArtifactIncomplete InvalidOperation $draft

        Add-ArtifactFile $other -Artifact $draft -Force
        (Publish-Artifact $draft).FileCount | Should -Be 1
    }

    It 'leave out a broken link with -Exclude' -Skip:$IsWindows {
        $null = New-Item -ItemType SymbolicLink -Path "$folder/broken" -Target nowhere
        $draft = New-Artifact $name dataset | Add-ArtifactDirectory $folder -ErrorAction SilentlyContinue
        Assert-Error { Publish-Artifact $draft } ArtifactIncomplete InvalidOperation $draft 'broken'

        $draft | Add-ArtifactDirectory $folder -Exclude broken | Publish-Artifact | ForEach-Object FileCount | Should -Be 1
    }

    It 'remember an invalid parameter' {
        $draft = New-Artifact $name dataset
        { Add-ArtifactDirectory $folder -Destination '../x' -Artifact $draft } | Should -Throw
        Assert-Error { Publish-Artifact $draft -AllowEmpty } ArtifactIncomplete InvalidOperation $draft

        Add-ArtifactDirectory $folder -Destination x -Artifact $draft
        (Publish-Artifact $draft).FileCount | Should -Be 1
    }
}

Describe 'Drafts without entries' {
    It 'are not published' -ForEach @(
        @{ Case = 'no addition'; Add = { process { $_ } } }
        @{ Case = 'no match'; Add = { process { $_ | Add-ArtifactFile "$TestDrive/none*" } } }
        @{ Case = 'an empty folder'; Add = { process { $_ | Add-ArtifactDirectory $TestDrive/hollow } } }
    ) {
        $null = New-Item -ItemType Directory $TestDrive/hollow -Force
        $draft = New-Artifact empty dataset | & $Add

        Assert-Error { Publish-Artifact $draft } ArtifactEmpty InvalidOperation $draft '-AllowEmpty'
        Assert-Error { Set-DistributedArtifact $draft -DistributedId e } ArtifactEmpty InvalidOperation $draft
        Assert-Error { $draft | Complete-DistributedArtifact -DistributedId e } ArtifactEmpty InvalidOperation $draft
        (Publish-Artifact $draft -AllowEmpty).FileCount | Should -Be 0
    }

    It 'are contributed if they remove entries' {
        $version = New-TestVersion shrunk @{ 'a.txt' = 'a' }
        $draft = $version | New-ArtifactDraft | Remove-ArtifactEntry a.txt

        Assert-Error { Publish-Artifact $draft } ArtifactEmpty InvalidOperation $draft
        (Set-DistributedArtifact $draft -DistributedId e).Number | Should -Be 1
    }
}
