namespace Sailfish.Server.Gateway.Admission;

/// <summary>What came of an attempt to read a proxy's header.</summary>
internal enum ProxyHeaderStatus
{
    /// <summary>The bytes so far are the start of a good header.</summary>
    NeedMore,

    /// <summary>A whole header was read.</summary>
    Read,

    /// <summary>It is none, or a broken one.</summary>
    Bad,
}
