namespace Sailfish.Server.Text;

/// <summary>A name and what it looks like, so that this is computed once.</summary>
internal sealed class NameLook
{
    private readonly string[] _looks;

    public NameLook(string name)
    {
        (Name, _looks) = (name, Looks.Of(name));
        IsReserved = Looks.IsReserved(name, _looks);
    }

    public string Name { get; }

    /// <summary>It is taken for one of the server's names.</summary>
    public bool IsReserved { get; }

    /// <summary>One to three.</summary>
    public IReadOnlyList<string> All => _looks;

    public bool IsLike(NameLook other) => _looks.AsSpan().ContainsAny(other._looks);
}
