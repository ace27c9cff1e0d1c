// node:module: the Module class with its public functions. https://nodejs.org/docs/latest-v24.x/api/module.html
import { Module, isBuiltin, createRequire, constants, enableCompileCache, findPackageJSON, findSourceMap, flushCompileCache, getCompileCacheDir,
  getSourceMapsSupport, register, registerHooks, setSourceMapsSupport, SourceMap, stripTypeScriptTypes, syncBuiltinESMExports } from 'internal:module';

const M: any = Module;
M.isBuiltin = isBuiltin;
M.createRequire = createRequire;
M.syncBuiltinESMExports = syncBuiltinESMExports;
M.Module = Module;
M.registerHooks = registerHooks;
M.register = register;
M.constants = constants;
M.enableCompileCache = enableCompileCache;
M.findPackageJSON = findPackageJSON;
M.flushCompileCache = flushCompileCache;
M.getCompileCacheDir = getCompileCacheDir;
M.stripTypeScriptTypes = stripTypeScriptTypes;
M.findSourceMap = findSourceMap;
M.SourceMap = SourceMap;
M.getSourceMapsSupport = getSourceMapsSupport;
M.setSourceMapsSupport = setSourceMapsSupport;
M._initPaths();

export default M;
