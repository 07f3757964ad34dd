using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Hosting;
using Sailfish.Server.Media;

namespace Sailfish.Server.Page;

/// <summary>The page's API (docs/protocol.md, section 7.1): a cookie says who it is, an envelope holds the answer.</summary>
internal static class PageServices
{
    public const string SignInPolicy = "sign-in";

    /// <summary>Of the data folder: the keys that sign cookies.</summary>
    public const string KeysFolder = "keys";

    public static IServiceCollection AddPage(this IServiceCollection services)
    {
        services.AddSingleton<LivingModeration>();
        services.AddSingleton<LivingPeople>();
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<GuestCookie>();
        services.AddSingleton<PageRate>();
        services.AddAuthentication().AddCookie(PageUser.Scheme);
        services.AddOptions<CookieAuthenticationOptions>(PageUser.Scheme).Configure<IOptions<AccountOptions>, PathBase>(ConfigureCookie);
        // Cookies outlive a restart: their keys are kept beside the data, or where the store has a place for them.
        services.AddDataProtection().SetApplicationName("sailfish");
        services.TryAddSingleton<IXmlRepository>(s => new FileSystemXmlRepository(
            Directory.CreateDirectory(Path.Combine(s.GetRequiredService<IOptions<ServerOptions>>().Value.DataDir, KeysFolder)), s.GetRequiredService<ILoggerFactory>()));
        services.AddOptions<KeyManagementOptions>().Configure<IXmlRepository>((keys, repository) => keys.XmlRepository = repository);
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<AccountOptions>>(ConfigureLimits);
        return services;
    }

    public static void MapPage(this WebApplication app)
    {
        app.UseWebSockets();
        var page = app.MapGroup("").AddEndpointFilter<FaultFilter>().AddEndpointFilter<SameOriginFilter>().AddEndpointFilter<PageRateFilter>().AddEndpointFilter<SignedInFilter>().ExcludeFromDescription();
        page.MapAccountPage();
        page.MapHomePage();
        page.MapLivingPage();
        if (app.Services.GetRequiredService<IOptions<MediaOptions>>().Value.Enabled)
            page.MapStreamPage();
        page.MapCoverPage();
        app.MapAvatars();
        app.MapCovers();
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie, IOptions<AccountOptions> accounts, PathBase pathBase)
    {
        cookie.Cookie.Name = "sailfish";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = accounts.Value.CookieSecure == CookieSecure.Always ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.CookieManager = new PageCookies(accounts.Value.CookieSecure, isBelowPath: pathBase.Value.Length > 0);
        cookie.ExpireTimeSpan = TimeSpan.FromHours(accounts.Value.CookieHours);
        cookie.SlidingExpiration = true;
        cookie.Events.OnValidatePrincipal = PageUser.ValidateAsync;
    }

    private static void ConfigureLimits(RateLimiterOptions limits, IOptions<AccountOptions> accounts)
    {
        limits.OnRejected = async (context, _) =>
        {
            context.HttpContext.RequestServices.GetRequiredService<AuditLog>().SignInRefused(AuditActor.Stranger(context.HttpContext), "too_often");
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
            await Envelope.TooOften(wait).ExecuteAsync(context.HttpContext);
        };
        limits.AddPolicy(SignInPolicy, context =>
        {
            var address = ClientAddress.Of(context);
            return accounts.Value.AttemptsPerMinute == 0
                ? RateLimitPartition.GetNoLimiter(address)
                : RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
                {
                    PermitLimit = accounts.Value.AttemptsPerMinute,
                    Window = TimeSpan.FromMinutes(1),
                });
        });
    }
}
